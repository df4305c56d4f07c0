"""Looks at everything that has to be in order for the server to work, changes nothing, and never waits for long."""
