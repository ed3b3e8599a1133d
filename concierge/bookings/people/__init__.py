"""Who comes: found by their addresses or made known, and the best way to reach them."""
