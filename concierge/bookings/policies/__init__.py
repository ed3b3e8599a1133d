"""When bookings are reminded of: every so often, so long before, not at night; changed by tenants, who see it re-planned."""
