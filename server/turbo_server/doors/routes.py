"""The two kinds of address there are: open to all, or behind a key. A test knows each open one by name.

Behind a key nothing is sent that a handler made without having the key checked: to forget it is to answer 401.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server.kit.answer import Answer, render
from turbo_server.kit.context import SEEN, Actor
from turbo_server.kit.errors import TurboError, Unauthenticated
from turbo_server.kit.idempotency import KEPT_FOR, PROMISE
from turbo_server.kit.runner import Runner
from turbo_server.kit.token import SessionSecret
from turbo_server.kit.tool import Tool

from .auth import caller_of, token_of
from .own_page import cookie

SIGNED_OUT = "Turbo-Signed-Out"  # on the answer of a verb that ended the session which asked
# For one person: a cache on the way knows nothing of cookies, and would give it to the next who asks.
UNKEPT = {"Cache-Control": "no-store"}
# On every answer: a client may repeat a write only where it knows that its key is looked at.
PROMISED = {PROMISE: str(int(KEPT_FOR.total_seconds()))}


class Admission:
    """The key that came with a request. Each way to use it has it checked, on the connection of what it is for."""

    __slots__ = ("_request", "_runner", "_token", "was_checked")

    def __init__(self, runner: Runner, request: Request) -> None:
        """Raises what token_of does, before anything of the request is read."""
        self._runner = runner
        self._request = request
        self._token = token_of(request)
        self.was_checked = False

    @property
    def is_by_cookie(self) -> bool:
        return isinstance(self._token, SessionSecret)

    async def answer(self, name: str, body: bytes) -> Answer:
        self.was_checked = True
        return await self._runner.answer(name, body, self._token, caller_of(self._request))

    async def answer_endpoint(self, tool: Tool, body: bytes) -> Answer:
        self.was_checked = True
        return await self._runner.answer_endpoint(tool, body, self._token, caller_of(self._request))

    async def require(self, tool: Tool) -> None:
        """Raises what calling it would, before anything is read. To be asked again by the call itself."""
        await self._runner.require(tool, self._token, caller_of(self._request))

    async def identify(self) -> Actor:
        """Raises Unauthenticated."""
        actor = await self._runner.identify(self._token, caller_of(self._request))
        self.was_checked = True
        return actor


OpenHandler = Callable[[Request], Awaitable[Response]]
KeyedHandler = Callable[[Request, Admission], Awaitable[Response]]


class Open(Route):
    """Whoever comes is answered."""


class Keyed(Route):
    def __init__(self, path: str, handler: KeyedHandler, runner: Runner, *, methods: list[str]) -> None:
        async def guarded(request: Request) -> Response:
            try:
                admission = Admission(runner, request)
                answer = await handler(request, admission)
            except TurboError as error:
                seen = request.scope.get(SEEN)
                if seen is not None:
                    seen.code = error.code
                return response(render(error), UNKEPT)
            if not admission.was_checked:
                return response(render(Unauthenticated()), UNKEPT)
            if admission.is_by_cookie and SIGNED_OUT in answer.headers:
                answer.headers.update(cookie(request, ""))
            return answer

        super().__init__(path, guarded, methods=methods)


def response(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json",
        headers={**answer.headers, **PROMISED, **(headers or {})},
    )
