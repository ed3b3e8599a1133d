"""When bookings are reminded of: every so often, so long before, not at night. Changing that is another plan."""
