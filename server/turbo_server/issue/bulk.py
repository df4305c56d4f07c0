"""create_issues: many at once, all or none."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from turbo_server.kit.context import Context
from turbo_server.kit.errors import TurboError
from turbo_server.kit.json_text import read_json
from turbo_server.kit.limits import LimitReached
from turbo_server.kit.schema import Arguments, Result, input_schema
from turbo_server.kit.text import clip_bytes
from turbo_server.kit.tool import Effect, tool

from .entries import IssueEntry, Problems, checked_entries, position_of
from .tools import create_issue
from .types import IssueReceipt

MOST = 50
SAID_OF_ALL = frozenset({"description", "default", "maxItems", "maxLength"})  # as at create_issue


def _entries(value: Any) -> Any:
    """Objects only; what is in them is checked with the position of each."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = read_json(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise PydanticCustomError("entries", "must be a list of objects, each with the arguments of create_issue")
    if not value:
        raise PydanticCustomError("entries", "is empty: give at least one issue")
    if len(value) > MOST:
        raise PydanticCustomError("entries", f"has {len(value)} entries of at most {MOST}: make several calls")
    return value


def _entry_schema() -> dict[str, Any]:
    """Of create_issue's arguments what a model must know to write them; their descriptions stand there already."""
    schema = input_schema(IssueEntry)
    fields = {name: _bare(field) for name, field in schema["properties"].items()}
    return {"type": "object", "properties": fields, "required": schema["required"]}


def _bare(field: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _bare(value) if isinstance(value, dict) else value
        for name, value in field.items() if name not in SAID_OF_ALL
    }  # fmt: skip


Entries = Annotated[
    list[dict[str, Any]],
    BeforeValidator(_entries),
    WithJsonSchema(
        {
            "type": "array",
            "maxItems": MOST,
            "items": _entry_schema(),
            "description": "Each as for create_issue; parent and blocked_by also take #1, the first of these, etc.",
        }
    ),
]


class CreateIssues(Arguments):
    issues: Entries


class MadeIssue(Result):
    key: str
    title: str
    possible_duplicate_of: str | None = None
    warning: str | None = None


class IssuesReceipt(Result):
    """`issues` stand in the order in which they were given."""

    created: int
    issues: list[MadeIssue]


@tool("Create several issues", Effect.CREATE, toolset="plan")
async def create_issues(context: Context, arguments: CreateIssues) -> IssuesReceipt:
    """Creates up to 50 issues at once, all or none, such as a plan with its sub-issues and dependencies: what is wrong
    with any of them is told before one is made. Returns their keys in order."""
    context.creations.require(len(arguments.issues))
    made: list[MadeIssue] = []
    for entry in await checked_entries(context, arguments.issues):
        try:
            receipt = await create_issue.run(context, _with_keys(entry, made))
        except LimitReached:
            raise
        except TurboError as error:  # a state that changed meanwhile; the transaction takes back the others
            raise Problems().add(len(made) + 1, error).refusal() from error
        assert isinstance(receipt, IssueReceipt)  # noqa: S101 - create_issue's own
        title = clip_bytes(receipt.title, 150)
        made.append(
            MadeIssue(
                key=receipt.key,
                title=title,
                possible_duplicate_of=receipt.possible_duplicate_of,
                warning=receipt.warning,
            )
        )
    return IssuesReceipt(created=len(made), issues=made)


def _with_keys(entry: IssueEntry, made: list[MadeIssue]) -> IssueEntry:
    """With the keys that the earlier entries have got."""

    def key(name: str) -> str:
        position = position_of(name)
        return made[position - 1].key if position else name

    parent = key(entry.parent) if entry.parent else None
    return entry.model_copy(update={"parent": parent, "blocked_by": [key(name) for name in entry.blocked_by]})
