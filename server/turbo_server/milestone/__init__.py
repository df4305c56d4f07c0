"""Milestones: a day by which a set of issues should be done."""
