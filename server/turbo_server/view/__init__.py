"""Saved views: filters of the web page that a person named, on the server, so that every machine has them."""
