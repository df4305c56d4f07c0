"""The page of all tools. Its examples are really run, on a database of their own and at a fixed time."""

import asyncio
import contextlib
import dataclasses
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from turbo_server.account.identity import Identity
from turbo_server.catalogue import TOOLSETS
from turbo_server.kit.context import Caller
from turbo_server.kit.database import open_database
from turbo_server.kit.runner import Runner
from turbo_server.kit.tool import Tool
from turbo_server.migrations.migrate import migrate

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday
CALLER = Caller(machine="laptop", session="5f0c")

# Played in this order on an empty database; the page shows each where its tool stands.
EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("create_project", {"key": "SHOP", "name": "The web shop"}),
    (
        "create_issue",
        {"project": "SHOP", "title": "Pay by invoice", "priority": "high", "due": "friday", "labels": ["checkout"]},
    ),
    ("update_issue", {"key": "SHOP-1", "status": "in_progress", "note": "The bank has answered"}),
    ("log_work", {"issue": "SHOP-1", "text": "Sketched the form", "minutes": 25, "branch": "invoice"}),
    ("list_projects", {}),
    ("list_issues", {"project": "SHOP", "status": "open", "assignee": "me"}),
    ("get_item", {"key": "shop-1", "include": ["comments"]}),
    ("get_status", {}),
)


def page() -> str:
    shown = asyncio.run(_played())
    parts = [
        "# Tools\n\nEvery tool, as Claude Code, the HTTP API and `turbo-client call` know it. Arguments are refused"
        " when unknown; `null` counts as not given. Item keys may be in any letter case.\n\nThe examples are one story,"
        " on a Monday, in this order: " + ", ".join(f"`{name}`" for name, _ in EXAMPLES) + ".\n"
    ]
    parts.extend(_section(tool, shown[tool.name]) for toolset in TOOLSETS for tool in toolset.tools)
    return "\n".join(parts)


def _section(tool: Tool, example: str) -> str:
    rows = "\n".join(_row(name, schema, tool) for name, schema in tool.input_schema["properties"].items())
    arguments = f"| argument | type | default | |\n| --- | --- | --- | --- |\n{rows}\n" if rows else "No arguments.\n"
    results = ", ".join(f"`{name}`" for name in tool.output_schema["properties"])
    return f"""## {tool.name}

{tool.title} · {tool.effect.value}

{tool.description}

{arguments}
Answers: {results}.

{example}"""


def _row(name: str, schema: dict[str, Any], tool: Tool) -> str:
    required = name in tool.input_schema["required"]
    default = "required" if required else f"`{json.dumps(schema['default'])}`" if schema.get("default") else ""
    return f"| `{name}` | {_type(schema)} | {default} | {schema.get('description', '')} |"


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}[schema["type"]]


async def _played() -> dict[str, str]:
    shown: dict[str, str] = {}
    async with _server() as call:
        for tool, arguments in EXAMPLES:
            answer = json.dumps(json.loads(await call(tool, arguments)), indent=2, ensure_ascii=False)
            shown[tool] = f"```\n{tool} {json.dumps(arguments, ensure_ascii=False)}\n```\n\n```json\n{answer}\n```\n"
    return shown


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[Callable[[str, dict[str, Any]], Awaitable[bytes]]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'turbo.db'}"
        migrate(url)
        database, identity = open_database(url), Identity("docs")
        await database.connect()
        async with database.connection() as db:
            key = await identity.create_key(db, "ada", "docs")
        catalogue = {tool.name: tool for toolset in TOOLSETS for tool in toolset.tools}
        runner = dataclasses.replace(Runner(database, catalogue, identity), clock=lambda: MORNING)

        async def call(tool: str, arguments: dict[str, Any]) -> bytes:
            answer = await runner.answer(tool, json.dumps(arguments).encode(), key.token, CALLER)
            if answer.status != 200:
                raise ValueError(f"the example of {tool} fails: {answer.body.decode()}")
            return answer.body

        yield call
        await database.disconnect()
