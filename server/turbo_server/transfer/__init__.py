"""What goes in and out as files: the whole of a database, and what people leave behind in other tools."""
