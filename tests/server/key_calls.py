"""Calls about keys, with a clock that tests move."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.account import key_tools
from turbo_server.account.grants import NEVER, Grant, Lifetime
from turbo_server.kit.context import Actor
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Tool


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


def ask(turbo: Turbo, token: str, verb: Tool, **arguments: object) -> dict[str, Any]:
    caller = turbo.ada.with_key(str(uuid4())).caller
    answer = turbo.run(turbo.runner.answer_endpoint(verb, json.dumps(arguments).encode(), token, caller))
    if answer.status != 200:
        raise ToolFailed(answer)
    result: dict[str, Any] = json.loads(answer.body)
    return result


def code_of(turbo: Turbo, token: str, verb: Tool = key_tools.list_keys, **arguments: object) -> str:
    """`ok`, or the code of the refusal."""
    try:
        ask(turbo, token, verb, **arguments)
    except ToolFailed as failure:
        return failure.code
    return "ok"


def actor_of(turbo: Turbo, token: str) -> Actor:
    return turbo.run(turbo.runner.identify(token, turbo.ada.caller))


def key_of(turbo: Turbo, scope: Scope = Scope.ADMIN, lifetime: Lifetime = NEVER, *projects: str) -> Person:
    return turbo.person("ada", Grant(scope, lifetime), projects)
