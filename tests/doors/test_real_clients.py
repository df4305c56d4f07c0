"""Clients that others wrote, on the real proxy in front of the real server: the MCP SDK's and the inspector."""

import asyncio
import json
import subprocess
from typing import Any, Literal

import pytest

from tests.client.session import PROGRAM
from tests.node_programs import node_program
from tests.server.live import LiveServer
from turbo_server.catalogue import INSTRUCTIONS, Catalogue

NAMES = list(Catalogue().tools)


def environment_of(server: LiveServer) -> dict[str, str]:
    """HOME is enough: these clients hand on little else."""
    return {name: server.environment[name] for name in ("PATH", "HOME", "LANG") if name in server.environment}


@pytest.fixture
def warm(server: LiveServer) -> LiveServer:
    """Logged in, and with that the catalogue on disk."""
    command: list[str] = [str(PROGRAM), "login", "--with-token", "--insecure-storage", "--url", server.url]
    environment = {**environment_of(server), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    subprocess.run(command, env=environment, input=server.key.encode(), check=True, capture_output=True, timeout=30)
    return server


# Which database stands behind the server is nothing that a client could notice: each meets one of them.
@pytest.mark.parametrize(
    ("shared", "mode"), [("sqlite", "legacy"), ("postgres", "auto"), ("postgres", "2026-07-28")], indirect=["shared"]
)
def test_the_sdks_client_does_the_main_job(warm: LiveServer, mode: Literal["legacy", "auto", "2026-07-28"]) -> None:
    from mcp import Client, StdioServerParameters  # here: it costs a second and 60 MB

    async def converse() -> None:
        parameters = StdioServerParameters(command=str(PROGRAM), args=["serve"], env=environment_of(warm))
        async with Client(parameters, mode=mode) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == NAMES
            if mode != "2026-07-28":  # pinned, the SDK asks for nothing first: no discovery, no instructions
                assert client.instructions == INSTRUCTIONS
            await client.call_tool("create_project", {"key": "TURBO", "name": "Turbo"})
            made = await client.call_tool("create_issue", {"project": "TURBO", "title": "From the SDK"})
            assert made.structured_content is not None
            assert made.structured_content["key"] == "TURBO-1"
            wrong = await client.call_tool("create_issue", {"project": "TURBO"})
            assert wrong.is_error
            assert "`title` is missing" in wrong.content[0].text  # type: ignore[union-attr]

    asyncio.run(converse())
    assert warm.call("get_item", key="TURBO-1")["title"] == "From the SDK"


def inspect(server: LiveServer, *arguments: str) -> tuple[int, Any]:
    command = [*node_program("mcp-inspector"), "--cli", str(PROGRAM), "serve", *arguments, "-q", "--format", "json"]
    done = subprocess.run(command, env=environment_of(server), capture_output=True, text=True, timeout=55, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(("shared", "era"), [("sqlite", "legacy"), ("postgres", "modern")], indirect=["shared"])
def test_the_inspector_lists_and_calls(warm: LiveServer, era: str) -> None:
    code, listed = inspect(warm, "--protocol-era", era, "--method", "tools/list", "--strict")
    assert code == 0, listed
    assert [tool["name"] for tool in found(listed, "tools")] == NAMES
    code, _ = inspect(
        warm, "--protocol-era", era, "--method", "tools/call", "--tool-name", "create_project",
        "--tool-args-json", '{"key":"TURBO","name":"Turbo"}',
    )  # fmt: skip
    assert code == 0
    code, refused = inspect(
        warm, "--protocol-era", era, "--method", "tools/call", "--tool-name", "get_item",
        "--tool-args-json", '{"key":"TURBO-9"}',
    )  # fmt: skip
    assert code == 5, refused
    assert "There is no issue TURBO-9." in json.dumps(refused)


def found(answer: Any, name: str) -> Any:
    """The inspector wraps results differently from one release to the next."""
    return answer[name] if name in answer else answer["result"][name]
