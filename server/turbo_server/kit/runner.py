"""The one way every tool call takes, whichever door it came through."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from pydantic_core import to_json

from .arguments import read_arguments
from .context import Actor, Caller, Context, today_of
from .database import Connection, Database
from .errors import InternalError, ToolNotFound, TurboError
from .kind import Kind, Pager
from .schema import Result
from .tool import Effect, Tool
from .visible import visible

log = logging.getLogger("turbo_server")


class Authenticator(Protocol):
    def check(self, token: str | None) -> str:
        """Raises Unauthenticated on a key that cannot be one of ours, without asking the database."""

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        """The person of the key. Raises Unauthenticated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A door's raw material: a JSON body and its HTTP status."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Runner:
    database: Database
    tools: Mapping[str, Tool]
    authenticator: Authenticator
    kinds: Mapping[str, Kind]
    web_url: str | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    listings: Mapping[str, Pager] = field(default_factory=dict)

    async def answer(self, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `call`, with every failure rendered: the place where a defect becomes a plain sentence."""
        return await self._rendered(self.tools.get(name), name, body, token, caller)

    async def answer_endpoint(self, tool: Tool, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `answer`, for a verb that is no model's tool."""
        return await self._rendered(tool, tool.name, body, token, caller)

    async def _rendered(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        try:
            result = await self._call(tool, name, body, token, caller)
        except TurboError as error:
            return render(error)
        except Exception:
            log.exception("tool %s failed", tool.name if tool else "?")
            return render(InternalError())
        return Answer(200, _shown(result.as_json()))

    async def _call(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Result:
        """One call, one connection, one transaction. Raises TurboError."""
        checked = self.authenticator.check(token)
        now = self.clock()
        async with self.database.connection() as db:
            actor = await self.authenticator.actor(db, checked, caller, now)
            if tool is None:
                raise ToolNotFound(name, self.tools)
            today = today_of(caller, now)
            arguments = read_arguments(tool, body, today)
            context = Context(db, actor, now, today, caller.utc_offset, self.web_url, self.kinds, self.listings)
            if tool.effect is Effect.READ:
                return await tool.run(context, arguments)
            async with db.transaction():
                return await tool.run(context, arguments)

    async def identify(self, token: str | None, caller: Caller) -> Actor:
        checked = self.authenticator.check(token)
        async with self.database.connection() as db:
            return await self.authenticator.actor(db, checked, caller, self.clock())


def render(error: TurboError) -> Answer:
    """The error envelope of every door."""
    return Answer(error.status, _shown(to_json(error.as_envelope())), error.headers)


def _shown(body: bytes) -> bytes:
    return body if body.isascii() else visible(body.decode()).encode()
