"""What one server process holds: `make bench-capacity`."""
