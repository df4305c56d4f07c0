"""POST /v1/join: an invitation, as the bearer, becomes the key of a machine. The one address that takes no API key."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from turbo_server.catalogue import JOIN
from turbo_server.kit.answer import Answer, render, shown
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import today_of
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import TurboError, Unauthenticated
from turbo_server.kit.runner import Runner
from turbo_server.kit.schema import Result

from .auth import caller_of, token_of
from .bodies import Bodies
from .routes import Open, response

# Lets in whom an invitation names: (connection, invitation, arguments, now). Raises TurboError.
Admit = Callable[[Connection, str | None, Any, datetime], Awaitable[Result]]


def join_routes(runner: Runner, admit: Admit) -> list[Open]:
    bodies = Bodies(runner.authenticator)

    async def joined(request: Request) -> Response:
        try:
            member = await _joined(request, await bodies.read(request), runner, admit)
            answer = Answer(200, shown(member.as_json()))
        except TurboError as error:
            answer = render(error)
        return response(answer, {"Cache-Control": "no-store"})

    return [Open(JOIN.path, joined, methods=[JOIN.method])]


async def _joined(request: Request, body: bytes, runner: Runner, admit: Admit) -> Result:
    caller, now = caller_of(request), runner.clock()
    arguments = read_arguments(JOIN.tool, read_object(JOIN.tool, body), today_of(caller, now))
    async with runner.database.connection() as db:
        try:
            return await admit(db, token_of(request), arguments, now)
        except Unauthenticated:
            await runner.count_bad_key(db, caller, now)
            raise
