"""Documents: markdown with versions."""
