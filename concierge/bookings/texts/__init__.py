"""What is said about a booking: in the customer's language, naming the place's zone, in the tenant's words or ours."""
