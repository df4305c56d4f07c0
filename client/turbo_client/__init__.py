"""The stdio MCP server and command line that run on the developer's machine."""

# Read at every start: asking importlib.metadata costs more than the whole start. A test holds it to the package's.
__version__ = "0.1.0"
