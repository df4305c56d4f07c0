"""The one way every tool call takes, whichever door it came through."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from .answer import Answer, Rehearsed, render, shown
from .arguments import read_arguments, read_object
from .bell import CALLS
from .context import Actor, Caller, Context, Traits, today_of
from .database import Connection, Database
from .errors import InternalError, RoleMissing, ScopeMissing, ToolNotFound, TurboError, Unauthenticated
from .faults import CONTENDED
from .idempotency import REPLAYED, AnswerConcealed, Claim, Once, fingerprint, require_key
from .kind import Kind, Pager
from .limits import Limits
from .replica import Replica
from .schema import Result
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
    limits: Limits = field(default_factory=Limits)
    traits: Traits = field(default_factory=Traits)
    replica: Replica | None = None

    async def answer(self, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `call`, with every failure rendered: the place where a defect becomes a plain sentence."""
        return await self._rendered(self.tools.get(name), name, body, token, caller)

    async def answer_endpoint(self, tool: Tool, body: bytes, token: str | None, caller: Caller) -> Answer:
        """As `answer`, for a verb that is no model's tool."""
        return await self._rendered(tool, tool.name, body, token, caller)

    async def _rendered(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        if tool is not None:
            caller.seen.tool = tool.name
        try:
            return await self._call(tool, name, body, token, caller)
        except TurboError as error:
            caller.seen.code = error.code
            return render(error)
        except Exception:
            seen = caller.seen
            seen.code = InternalError.code
            fields = {"request_id": seen.request_id, "key_id": seen.key_id}
            log.exception("tool %s failed", tool.name if tool else "?", extra={"fields": fields})
            return render(InternalError(seen.request_id))

    async def _call(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """Raises TurboError."""
        answer = await self._do(tool, name, body, token, caller)
        return answer if answer.then is None else await answer.then(self, answer)

    async def _do(self, tool: Tool | None, name: str, body: bytes, token: str | None, caller: Caller) -> Answer:
        """One call, one connection, one transaction."""
        now = self.clock()
        checked = self._checked(token, caller, now)
        CALLS.ring()
        async with self.database.connection(tool.patience if tool else None) as db:
            actor = await self._admitted(db, checked, caller, now)
            tool = self._permitted(tool, name, actor)
            given = read_object(tool, body)
            arguments = read_arguments(tool, given, today_of(caller, now))
            if tool.effect is not Effect.READ:
                return await self._change(tool, db, actor, caller, now, given, arguments)
            read = partial(self._read, tool, actor, caller, now, arguments)
            mark = await self.replica.mark(db, actor, now) if self.replica and tool.may_lag else None
            if mark is None:
                return await _again_while_contended(lambda: read(db))
        return await self._read_behind(mark, read)

    async def _read(
        self, tool: Tool, actor: Actor, caller: Caller, now: datetime, arguments: Any, db: Connection
    ) -> Answer:
        return await _run(tool, self._context(db, actor, caller, now), arguments)

    async def _read_behind(self, mark: Any, read: Callable[[Connection], Awaitable[Answer]]) -> Answer:
        """From the replica, while no connection of the primary is held; where it does not answer, from the primary."""
        assert self.replica is not None  # noqa: S101 - it has made the mark
        answer = await self.replica.answer(mark, read)
        if answer is not None:
            return answer
        async with self.database.connection() as db:
            return await _again_while_contended(lambda: read(db))

    async def _change(
        self, tool: Tool, db: Connection, actor: Actor, caller: Caller, now: datetime,
        given: Mapping[str, Any], arguments: Any,
    ) -> Answer:  # fmt: skip
        await self.limits.creations(actor.key_id, now).settle(db)
        claim = self._claim(tool, actor, given, caller, now)

        async def attempt() -> Answer:
            return await self._write(tool, self._context(db, actor, caller, now), arguments, claim)

        return await _again_while_contended(attempt)

    async def _write(self, tool: Tool, context: Context, arguments: Any, claim: Claim | None) -> Answer:
        context = replace(context, creations=self.limits.creations(context.actor.key_id, context.now))
        context = replace(context, perform=lambda name, given: self._perform(context, name, given))
        try:
            if claim is not None:
                return await self._once(context, claim, lambda: _run(tool, context, arguments))
            async with context.db.transaction():
                return await _run(tool, context, arguments)
        except Rehearsed as rehearsed:
            context.creations.take_back()
            return Answer(200, shown(rehearsed.result.as_json()))
        except BaseException:
            context.creations.take_back()
            raise

    async def _once(self, context: Context, claim: Claim, work: Callable[[], Awaitable[Answer]]) -> Answer:
        answer = await self.once.answer(context.db, claim, work)
        sees_less = context.actor.sight.is_limited
        if sees_less and REPLAYED in answer.headers and await self.conceals(context.db, context.actor, answer.body):
            raise AnswerConcealed
        return answer

    async def _perform(self, context: Context, name: str, given: dict[str, Any]) -> Result:
        """What the caller wants done inside of his call: all that a call of its own would be refused for, this is."""
        tool = self._permitted(self.tools.get(name), name, context.actor)
        return await tool.run(context, read_arguments(tool, given, context.today))

    def _claim(self, tool: Tool, actor: Actor, given: Mapping[str, Any], caller: Caller, now: datetime) -> Claim | None:
        """None for a call that is done each time. Raises InvalidIdempotencyKey."""
        if caller.idempotency_key is None or tool.tells_secret:
            return None
        key = require_key(caller.idempotency_key)
        return Claim(actor.account_id, actor.workspace_id, key, fingerprint(tool.name, given), now)

    def _permitted(self, tool: Tool | None, name: str, actor: Actor) -> Tool:
        """Raises ToolNotFound and ScopeMissing: nothing of the arguments was looked at."""
        if tool is None:
            raise ToolNotFound(name, [each for each, known in self.tools.items() if actor.scope.includes(known.needs)])
        if not actor.scope.includes(tool.needs):
            raise _forbidden(tool, actor)
        return tool

    def context_of(self, db: Connection, actor: Actor) -> Context:
        """For what is done for somebody without a call of his: later, or in the background."""
        return self._context(db, actor, Caller(), self.clock())

    def _context(self, db: Connection, actor: Actor, caller: Caller, now: datetime) -> Context:
        headers = RENEWAL_DUE if actor.is_renewal_due(now) else {}
        return Context(
            seen_by(actor.sight, db), actor, now, today_of(caller, now), caller.utc_offset, self.web_url, self.kinds,
            self.listings, dict(headers), hash_key=self.authenticator.hash, traits=self.traits, tools=self.tools,
        )  # fmt: skip

    async def identify(self, token: str | None, caller: Caller) -> Actor:
        """Raises Unauthenticated and LimitReached."""
        now = self.clock()
        checked = self._checked(token, caller, now)
        async with self.database.connection() as db:
            return await self._admitted(db, checked, caller, now)

    async def require(self, tool: Tool, token: str | None, caller: Caller) -> None:
        """For a body that is read for nobody else. Raises what the call would before its arguments are looked at."""
        self._permitted(tool, tool.name, await self.identify(token, caller))

    async def count_bad_key(self, db: Connection, caller: Caller, now: datetime) -> None:
        """Raises TooManyBadKeys in place of the usual refusal."""
        self.limits.bad_key(caller.address, now)
        await self.limits.settle_bad_keys(db, caller.address, now)

    def _checked(self, token: str | None, caller: Caller, now: datetime) -> str:
        """Asks no database. A key that is missing is no attempt at one."""
        try:
            return self.authenticator.check(token)
        except Unauthenticated:
            if token:
                self.limits.bad_key(caller.address, now)
            raise

    async def _admitted(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        """The key is looked at first: whoever has a valid one is not refused for what others try."""
        try:
            actor = await self.authenticator.actor(db, token, caller, now)
        except Unauthenticated:
            await self.count_bad_key(db, caller, now)
            raise
        caller.seen.key_id = actor.key_id
        if self.limits.call(actor.key_id, now):
            await self.limits.settle_calls(db, actor.key_id, now)
        return actor


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
    then = context.afterwards[-1] if context.afterwards else None
    return Answer(200, shown(result.as_json()), context.answer_headers, then)
