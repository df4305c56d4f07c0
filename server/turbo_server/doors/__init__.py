"""One protocol a file, each a projection of the catalogue."""
