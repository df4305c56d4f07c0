"""How long claims hold: the sign of life that a session's proxy gives, and the word that it ends."""

from datetime import timedelta

from turbo_server.kit.context import Context
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool

from . import store
from .types import LEASE_HEADER, LEASE_SECONDS, Leases

LEASE = timedelta(seconds=LEASE_SECONDS)


class NoArguments(Arguments):
    """The session is in the headers."""


@tool("Renew the leases of a session", Effect.UPDATE)
async def renew_leases(context: Context, arguments: NoArguments) -> Leases:  # noqa: ARG001 - every verb gets them
    """Lets all claims of the calling session (Turbo-Machine and Turbo-Session) hold on from now."""
    return _answer(context, await store.renew(context.db, context.actor, context.now + LEASE))


@tool("End the leases of a session", Effect.UPDATE)
async def end_leases(context: Context, arguments: NoArguments) -> Leases:  # noqa: ARG001 - every verb gets them
    """Ends all claims of the calling session: their issues are back in the queue."""
    await store.end_all(context.db, context.actor)
    return _answer(context, 0)


def _answer(context: Context, leases: int) -> Leases:
    tell_lease(context, leases)
    return Leases(leases=leases, seconds=LEASE_SECONDS if leases else 0)


def tell_lease(context: Context, leases: int) -> None:
    """Tells the program that passes the answer on when to give a sign of life; 0 for no more."""
    if context.actor.session:
        context.answer_headers[LEASE_HEADER] = str(LEASE_SECONDS if leases else 0)
