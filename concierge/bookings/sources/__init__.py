"""Bookings from elsewhere: files, calendars, Cal.com. Each has a name there, so that taking it twice is harmless."""
