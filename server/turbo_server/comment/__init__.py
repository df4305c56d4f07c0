"""Comments: what people and agents say about an item."""
