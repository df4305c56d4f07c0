"""The one way every tool call takes, whichever door it came through."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from .answer import Answer, render, shown
from .arguments import read_arguments, read_object
from .context import Actor, Caller, Context, today_of
from .database import Connection, Database
from .errors import InternalError, ToolNotFound, TurboError
from .faults import CONTENDED
from .idempotency import Claim, Once, fingerprint, require_key
from .kind import Kind, Pager
from .tool import Effect, Tool

log = logging.getLogger("turbo_server")

CONTENDED_TRIES = 3


class Authenticator(Protocol):
    def check(self, token: str | None) -> str:
        """Raises Unauthenticated on a key that cannot be one of ours, without asking the database."""

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        """The person of the key. Raises Unauthenticated."""


@dataclass(frozen=True)
class Runner:
    database: Database
    tools: Mapping[str, Tool]
    authenticator: Authenticator
    kinds: Mapping[str, Kind]
    web_url: str | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    listings: Mapping[str, Pager] = field(default_factory=dict)
    once: Once = field(default_factory=Once)

    async def answer(self, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `call`, with every failure rendered: the place where a defect becomes a plain sentence."""
        return await self._rendered(self.tools.get(name), name, body, token, caller)

    async def answer_endpoint(self, tool: Tool, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `answer`, for a verb that is no model's tool."""
        return await self._rendered(tool, tool.name, body, token, caller)

    async def _rendered(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        try:
            return await self._call(tool, name, body, token, caller)
        except TurboError as error:
            return render(error)
        except Exception:
            log.exception("tool %s failed", tool.name if tool else "?")
            return render(InternalError())

    async def _call(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """One call, one connection, one transaction. Raises TurboError."""
        checked = self.authenticator.check(token)
        now = self.clock()
        async with self.database.connection() as db:
            actor = await self.authenticator.actor(db, checked, caller, now)
            if tool is None:
                raise ToolNotFound(name, self.tools)
            today = today_of(caller, now)
            given = read_object(tool, body)
            arguments = read_arguments(tool, given, today)

            async def attempt() -> Answer:
                context = Context(db, actor, now, today, caller.utc_offset, self.web_url, self.kinds, self.listings)
                if tool.effect is Effect.READ:
                    return await _run(tool, context, arguments)
                if caller.idempotency_key is None:
                    async with db.transaction():
                        return await _run(tool, context, arguments)
                claim = _claim(context, caller.idempotency_key, fingerprint(tool.name, given))
                return await self.once.answer(db, claim, lambda: _run(tool, context, arguments))

            return await _again_while_contended(attempt)

    async def identify(self, token: str | None, caller: Caller) -> Actor:
        checked = self.authenticator.check(token)
        async with self.database.connection() as db:
            return await self.authenticator.actor(db, checked, caller, self.clock())


async def _again_while_contended(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """After a deadlock or the like the database has undone everything: the whole may be done again."""
    for _ in range(CONTENDED_TRIES - 1):
        with contextlib.suppress(*CONTENDED):
            return await attempt()
    return await attempt()


async def _run(tool: Tool, context: Context, arguments: Any) -> Answer:
    """Down to the bytes: what cannot be told is not done."""
    result = await tool.run(context, arguments)
    return Answer(200, shown(result.as_json()), context.answer_headers)


def _claim(context: Context, key: str, content: str) -> Claim:
    return Claim(context.actor.account_id, context.actor.workspace_id, require_key(key), content, context.now)
