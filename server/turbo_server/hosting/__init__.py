"""What this server knows of the platform that it is hosted on: words for whoever puts it there. It calls nobody."""
