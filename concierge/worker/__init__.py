"""The door that jobs come in by: procrastinate's worker, watched, with its dead jobs rescued and its old ones pruned."""
