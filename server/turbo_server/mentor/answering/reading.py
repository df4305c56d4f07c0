"""The tools that the model may use: those that only read, as the person who asked, and a few at a time."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from turbo_server.kit.answer import shown
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Actor
from turbo_server.kit.errors import ToolNotFound, TurboError
from turbo_server.kit.runner import Runner
from turbo_server.kit.scope import Scope
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, Tool

LONGEST_RESULT = 12_000  # characters


def readable(tools: Mapping[str, Tool]) -> dict[str, Tool]:
    """By what each declares, and not by a list: a tool that writes can never be among them."""
    return {
        name: tool
        for name, tool in tools.items()
        if tool.effect is Effect.READ and tool.needs is Scope.READ and not tool.tells_secret and not tool.takes_secret
    }


def offered(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}


async def look(runner: Runner, actor: Actor, tools: Mapping[str, Tool], name: str, given: object) -> tuple[str, bool]:
    """What the model is told, and whether it is an error. With the sight of the person who asked, and no more."""
    try:
        tool = tools.get(name)
        if tool is None:
            raise ToolNotFound(name, tools)
        async with runner.database.connection() as db:
            context = runner.context_of(db, actor)
            arguments = read_arguments(tool, read_object(tool, to_json(given)), context.today)
            result = await tool.run(context, arguments)
        return _cut(shown(result.as_json()).decode()), False
    except TurboError as error:
        return f"{error.message} {error.hint}".strip(), True


def _cut(text: str) -> str:
    if len(text) <= LONGEST_RESULT:
        return text
    return f"{clip(text, LONGEST_RESULT)}\n(cut: {len(text)} characters in all; ask for less of it)"
