"""People, their workspace and their API keys."""
