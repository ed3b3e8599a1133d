"""What tenants do with their endpoints, and the log of what was delivered."""
