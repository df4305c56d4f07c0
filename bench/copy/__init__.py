"""A whole database carried from SQLite to Postgres: how fast, and in how much memory: `make bench-copy`."""
