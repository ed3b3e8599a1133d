"""One file a language: what we say about bookings."""
