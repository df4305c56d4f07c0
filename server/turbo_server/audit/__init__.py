"""The audit: what happened to keys and people beside all that happened to items, and who may read it."""
