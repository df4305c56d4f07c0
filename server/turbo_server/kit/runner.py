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
from .errors import InternalError, RoleMissing, ScopeMissing, ToolNotFound, TurboError
from .faults import CONTENDED
from .idempotency import REPLAYED, AnswerConcealed, Claim, Once, fingerprint, require_key
from .kind import Kind, Pager
from .sight import seen_by
from .tool import Effect, Tool

log = logging.getLogger("turbo_server")
# Tells the program that keeps the key: it had better have it renewed.
RENEWAL_DUE = {"Turbo-Key-Renewal": "due"}

CONTENDED_TRIES = 3


class Authenticator(Protocol):
    def check(self, token: str | None) -> str:
        """Raises Unauthenticated on a key that cannot be one of ours, without asking the database."""

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        """The person of the key. Raises Unauthenticated."""

    async def hash(self, db: Connection, token: str) -> str:
        """The form in which a key is stored."""


# Whether a stored answer tells of something that its caller does not see, or no longer.
Conceals = Callable[[Connection, Actor, bytes], Awaitable[bool]]


async def _conceals_nothing(_db: Connection, _actor: Actor, _body: bytes) -> bool:
    return False


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
    conceals: Conceals = _conceals_nothing

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
            tool = self._permitted(tool, name, actor)
            given = read_object(tool, body)
            arguments = read_arguments(tool, given, today_of(caller, now))

            async def attempt() -> Answer:
                context = self._context(db, actor, caller, now)
                if tool.effect is Effect.READ:
                    return await _run(tool, context, arguments)
                if caller.idempotency_key is None or tool.tells_secret:
                    async with db.transaction():
                        return await _run(tool, context, arguments)
                claim = _claim(context, caller.idempotency_key, fingerprint(tool.name, given))
                answer = await self.once.answer(db, claim, lambda: _run(tool, context, arguments))
                if REPLAYED in answer.headers and await self._conceals(db, actor, answer):
                    raise AnswerConcealed
                return answer

            return await _again_while_contended(attempt)

    async def _conceals(self, db: Connection, actor: Actor, answer: Answer) -> bool:
        return actor.sight.is_limited and await self.conceals(db, actor, answer.body)

    def _permitted(self, tool: Tool | None, name: str, actor: Actor) -> Tool:
        """Raises ToolNotFound and ScopeMissing: nothing of the arguments was looked at."""
        if tool is None:
            raise ToolNotFound(name, [each for each, known in self.tools.items() if actor.scope.includes(known.needs)])
        if not actor.scope.includes(tool.needs):
            raise _forbidden(tool, actor)
        return tool

    def _context(self, db: Connection, actor: Actor, caller: Caller, now: datetime) -> Context:
        headers = RENEWAL_DUE if actor.is_renewal_due(now) else {}
        return Context(
            seen_by(actor.sight, db), actor, now, today_of(caller, now), caller.utc_offset, self.web_url, self.kinds,
            self.listings, dict(headers), self.authenticator.hash,
        )  # fmt: skip

    async def identify(self, token: str | None, caller: Caller) -> Actor:
        checked = self.authenticator.check(token)
        async with self.database.connection() as db:
            return await self.authenticator.actor(db, checked, caller, self.clock())


def _forbidden(tool: Tool, actor: Actor) -> TurboError:
    """Who may not do this with any key is told so, and is not sent for another."""
    if not actor.role.scope.includes(tool.needs):
        return RoleMissing(tool.name, actor.name, actor.role, tool.needs)
    return ScopeMissing(tool.name, tool.needs, actor.scope)


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
