"""Plans: what initiatives and milestones have in common, which both are a goal that issues add up to."""
