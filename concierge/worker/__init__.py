"""The door that jobs come in by: a watched worker, its dead jobs rescued, its old ones pruned."""
