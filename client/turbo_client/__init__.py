"""The stdio MCP server and command line that run on the developer's machine."""
