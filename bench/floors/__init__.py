"""What the product is measured against: the least code that does the same work, each a program of its own."""
