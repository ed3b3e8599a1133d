"""The door that HTTP comes in by."""
