"""How good a brief is, and how fast: `make bench-brief`."""
