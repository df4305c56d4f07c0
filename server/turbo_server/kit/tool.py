"""The value that defines a verb: every door, the docs and the schemas are projections of it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Literal, get_type_hints

from .context import Context
from .large_body import LargeBody
from .patience import Patience
from .schema import Arguments, Result, input_schema, output_schema
from .scope import Scope

# What a client may choose: core is all that everyday work needs.
ToolsetName = Literal["core", "plan", "docs", "mentor", "care"]
FILES = "turbo/files"  # under _meta, for clients
Verb = Callable[[Context, Any], Awaitable[Result]]


class Effect(Enum):
    """What a call may do to the data; the MCP annotations follow from it."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"

    @property
    def annotations(self) -> dict[str, bool]:
        return {
            "readOnlyHint": self is Effect.READ,
            "destructiveHint": False,
            "idempotentHint": self is Effect.READ,  # an update may carry a note, and a note is added each time
            "openWorldHint": False,
        }


@dataclass(frozen=True)
class Tool:
    """`arguments` and `result` are pydantic models; `run` is one async function of (Context, arguments).

    `files` are arguments that name a file on the caller's machine: its client reads it, and sends the content as the
    argument that the name leads to. Here they never arrive.

    `scope` is what a key must have where the effect does not say it. `tells_secret`: the answer holds one, and no copy
    of it is kept for those who repeat the call. `takes_secret`: an argument is a key. `may_lag`: a replica may answer
    that is some seconds behind, but for what the caller wrote (kit/replica.py). `patience`: for one that takes longer.
    """

    name: str
    title: str
    description: str
    effect: Effect
    arguments: type[Arguments]
    result: type[Result]
    run: Verb
    toolset: ToolsetName = "core"
    files: Mapping[str, str] = field(default_factory=dict)
    scope: Scope | None = None
    tells_secret: bool = False
    takes_secret: bool = False
    may_lag: bool = False
    patience: Patience | None = None

    @cached_property
    def needs(self) -> Scope:
        """The scope that a key must have."""
        return self.scope or (Scope.READ if self.effect is Effect.READ else Scope.WRITE)

    @cached_property
    def listing(self) -> dict[str, Any]:
        """The MCP tool object. Without outputSchema: no known client shows it to a model, and it doubles the bytes."""
        listing = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema,
            "annotations": {"title": self.title, **self.effect.annotations},
        }
        return {**listing, "_meta": {FILES: dict(self.files)}} if self.files else listing

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        return input_schema(self.arguments)

    @cached_property
    def output_schema(self) -> dict[str, Any]:
        return output_schema(self.result)


@dataclass(frozen=True)
class Endpoint:
    """A verb for programs instead of models: it has an address of its own, and stands in no list of tools.

    The arguments of a GET are its query, of anything else the body's object. `failures` are statuses that no other
    verb answers, with what they mean, or which mean something else here.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    tool: Tool
    failures: Mapping[str, str] = field(default_factory=dict)
    large: LargeBody | None = None


@dataclass(frozen=True)
class Toolset:
    """One entity's verbs, in the order in which they are listed for good (the order is wire format)."""

    name: str
    summary: str
    tools: tuple[Tool, ...]


def tool(
    title: str,
    effect: Effect,
    toolset: ToolsetName = "core",
    files: Mapping[str, str] | None = None,
    *,
    scope: Scope | None = None,
    tells_secret: bool = False,
    takes_secret: bool = False,
    may_lag: bool = False,
    patience: Patience | None = None,
) -> Callable[[Verb], Tool]:
    """Makes a Tool of a function: its name, docstring and annotations are the name, description and models."""

    def define(run: Verb) -> Tool:
        hints = get_type_hints(run)
        return Tool(
            name=run.__name__,
            title=title,
            description=" ".join((inspect.getdoc(run) or "").split()),
            effect=effect,
            arguments=hints["arguments"],
            result=hints["return"],
            run=run,
            toolset=toolset,
            files=files or {},
            scope=scope,
            tells_secret=tells_secret,
            takes_secret=takes_secret,
            may_lag=may_lag,
            patience=patience,
        )

    return define
