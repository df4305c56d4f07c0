"""What a mentor proposes: noted with its arguments checked, for a person to decide on. Nothing of it is done here."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Context
from turbo_server.kit.errors import TurboError
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Tool

from . import proposal_store as store
from .risk import PROPOSABLE, risk_of

PREFIX = "propose_"
MOST = 5  # of one answer
LONGEST_REASON = 1_000
REASON = {"type": "string", "description": "Why, with the keys that bear it out. A person reads it before deciding"}


def proposable(tools: Mapping[str, Tool]) -> dict[str, Tool]:
    """By the name under which the model has it."""
    return {f"{PREFIX}{name}": tools[name] for name in PROPOSABLE if name in tools}


def offered(name: str, tool: Tool) -> dict[str, Any]:
    """The tool's own arguments, and the reason: nothing says that it would be done."""
    schema = tool.input_schema
    properties = {**schema["properties"], "reason_for_proposal": REASON}
    return {
        "name": name,
        "description": f"Proposes, for a person to decide on: {tool.description}",
        "input_schema": {**schema, "properties": properties, "required": [*schema["required"], "reason_for_proposal"]},
    }


async def propose(
    context: Context, tools: Mapping[str, Tool], place: tuple[int, int], name: str, given: object
) -> tuple[str, bool]:
    """What the model is told, and whether it is an error. `place` is (conversation, turn); the former is locked."""
    arguments = dict(given) if isinstance(given, dict) else {}
    reason = str(arguments.pop("reason_for_proposal", "")).strip()
    tool = tools[name]
    if not reason:
        return "reason_for_proposal is missing: say why, with the keys that bear it out.", True
    try:
        read_arguments(tool, read_object(tool, to_json(arguments)), context.today)
    except TurboError as error:
        return f"{error.message} {error.hint}".strip(), True
    workspace = context.actor.workspace_id
    there = [row for row in await store.of_conversation(context.db, workspace, place[0]) if row["turn_id"] == place[1]]
    if len(there) >= MOST:
        return f"This answer proposes {MOST} things already: name the others in its text.", True
    action = (tool.name, to_json(arguments).decode(), clip(reason, LONGEST_REASON), risk_of(tool.name, arguments))
    number = await store.add(context.db, workspace, place, action, context.now)
    return f"Noted as proposal {number}. It waits for a person's decision; nothing was done.", False
