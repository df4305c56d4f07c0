"""The smallest stdio server that the MCP SDK makes, with a tool list from disk: `sdk_server.py CATALOGUE`."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import ListToolsResult, Tool


async def main(header: str, listed: str) -> None:
    tools = [Tool.model_validate(tool) for tool in json.loads(listed)]

    async def list_tools(_context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    instructions = json.loads(header)["instructions"]
    server = Server("sdk", version="1", instructions=instructions, on_list_tools=list_tools)
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())


if __name__ == "__main__":
    asyncio.run(main(*Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
