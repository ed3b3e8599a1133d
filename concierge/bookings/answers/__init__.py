"""What customers write back: that they come, that they do not, that another time would be better."""
