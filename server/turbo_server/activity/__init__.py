"""Activity: what happened to every item, in the order in which it happened."""
