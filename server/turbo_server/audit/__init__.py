"""The audit: what happened to keys, roles and people beside all that happened to items, and who may read it."""
