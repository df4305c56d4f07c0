"""The official SDK's client, in both eras, against the real process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest

from tests.client.conftest import Environment
from tests.client.session import PROGRAM
from tests.client.stand_in import PATIENCE, StandIn, error, tool

Mode = Literal["auto", "legacy"]
modes = pytest.mark.parametrize("mode", ["auto", "legacy"])


def converse(environment: Environment, mode: Mode, talk: Callable[[Any], Awaitable[None]], **options: Any) -> None:
    from mcp import Client, StdioServerParameters  # here: it costs a second and 60 MB

    async def run() -> None:
        parameters = StdioServerParameters(command=str(PROGRAM), args=["serve"], env=environment)
        async with asyncio.timeout(PATIENCE), Client(parameters, mode=mode, **options) as client:
            await talk(client)

    asyncio.run(run())


@modes
def test_lists_calls_and_errors_arrive_as_the_sdk_understands_them(
    logged_in: Environment, backend: StandIn, mode: Mode
) -> None:
    backend.replies["/v1/tools/write_it"] = error(404, "project_not_found", "No project X.", "Use Y.")

    async def talk(client: Any) -> None:
        called = await client.call_tool("read_it", {"limit": 3})
        assert called.structured_content == {"tool": "read_it", "arguments": {"limit": 3}}
        assert not called.is_error
        listed = await client.list_tools()
        assert [each.name for each in listed.tools] == ["write_it", "read_it"]
        assert (await client.list_prompts()).prompts == []
        assert (await client.list_resources()).resources == []
        failed = await client.call_tool("write_it", {"text": "x"})
        assert failed.is_error
        assert failed.content[0].text == "No project X. Use Y."

    converse(logged_in, mode, talk)


def test_a_modern_client_is_told_of_new_tools_on_its_stream(logged_in: Environment, backend: StandIn) -> None:
    async def talk(client: Any) -> None:
        await client.call_tool("read_it", {})
        async with client.listen(tools_list_changed=True) as changes:
            backend.tools.append(tool("new_one"))
            await client.call_tool("read_it", {})
            await anext(aiter(changes))
            listed = await client.list_tools(cache_mode="refresh")
            assert [each.name for each in listed.tools][-1] == "new_one"

    converse(logged_in, "auto", talk)


def test_a_handshake_client_is_told_of_new_tools_by_notification(logged_in: Environment, backend: StandIn) -> None:
    changed = asyncio.Event()

    async def heed(message: Any) -> None:
        if type(message).__name__ == "ToolListChangedNotification":
            changed.set()

    async def talk(client: Any) -> None:
        await client.call_tool("read_it", {})
        backend.tools.append(tool("new_one"))
        await client.call_tool("read_it", {})
        await changed.wait()
        await client.list_tools()

    converse(logged_in, "legacy", talk, message_handler=heed)
