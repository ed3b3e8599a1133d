"""The plan of a booking, and carrying it out: rows, found when they are due, checked again before anything is said."""
