"""Measures the client and the server against floors of the same machine, in one run: `python -m bench`."""
