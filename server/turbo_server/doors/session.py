"""POST /v1/session: a key, or the code of a link, becomes a session of the web page and its cookie."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from turbo_server.catalogue import SIGN_IN
from turbo_server.kit.answer import Answer, render, shown
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Actor, Caller, today_of
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import TurboError, Unauthenticated
from turbo_server.kit.runner import Runner
from turbo_server.kit.schema import Result
from turbo_server.kit.token import SessionSecret

from .auth import caller_of
from .bodies import Bodies
from .own_page import cookie, require_own_page, require_privacy, session_of
from .routes import Open, response

# Begins a session: (connection, whose key was sent, arguments, the session before, caller, now). Raises TurboError.
Begin = Callable[
    [Connection, Actor | None, Any, SessionSecret | None, Caller, datetime], Awaitable[tuple[SessionSecret, Result]]
]


def session_routes(runner: Runner, begin: Begin) -> list[Open]:
    bodies = Bodies(runner.authenticator)

    async def sign_in(request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            require_own_page(request)
            require_privacy(request)
            secret, result = await _begun(request, await bodies.read(request), runner, begin)
            answer = Answer(200, shown(result.as_json()))
            headers |= cookie(request, secret)
        except TurboError as error:
            answer = render(error)
        return response(answer, headers)

    return [Open(SIGN_IN.path, sign_in, methods=[SIGN_IN.method])]


async def _begun(request: Request, body: bytes, runner: Runner, begin: Begin) -> tuple[SessionSecret, Result]:
    caller, now = caller_of(request), runner.clock()
    arguments = read_arguments(SIGN_IN.tool, read_object(SIGN_IN.tool, body), today_of(caller, now))
    actor = await runner.identify(arguments.key, caller) if arguments.key else None
    async with runner.database.connection() as db:
        try:
            return await begin(db, actor, arguments, session_of(request), caller, now)
        except Unauthenticated:
            await runner.count_bad_key(db, caller, now)
            raise
