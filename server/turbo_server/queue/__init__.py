"""The work queue: what to take up next, and who holds what."""
