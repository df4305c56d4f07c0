"""Decisions: what was decided, out of which options, and why."""
