"""Other people's bridges from stdio to a server over HTTP, as a person would run them."""

from collections.abc import Mapping

from bench.process import Command, clean_environment
from bench.workshop import Workshop
from tests.node_programs import node_program


def mcp_remote(bench: Workshop) -> tuple[Command, Mapping[str, str]]:
    """Its command line and environment: by node itself, which is faster than npx, and without its proof of login."""
    home = bench.fresh_folder("remote")
    url = f"http://127.0.0.1:{bench.stand_in}/mcp"
    command = [*node_program("mcp-remote"), url, "--transport", "http-only", "--silent"]
    return command, clean_environment(home) | {"MCP_REMOTE_CONFIG_DIR": str(home)}
