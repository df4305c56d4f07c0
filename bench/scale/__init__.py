"""The same calls on a small and on a large database: `make bench-scale`."""
