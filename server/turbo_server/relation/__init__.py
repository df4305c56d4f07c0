"""Relations between any two items."""
