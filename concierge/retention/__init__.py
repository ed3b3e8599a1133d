"""What people wrote is forgotten in time: bodies go, the record that something happened stays."""
