"""What is said about a booking: in the customer's language, with the zone of the place, in the tenant's words or ours."""
