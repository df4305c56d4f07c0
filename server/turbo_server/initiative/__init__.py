"""Initiatives: what several issues, of one project or more, add up to."""
