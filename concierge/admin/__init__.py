"""What operators see and do: what failed, why, and another try."""
