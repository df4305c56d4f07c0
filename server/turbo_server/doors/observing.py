"""Around every request: its id, its line in the log, its numbers, and an answer when everything else has failed."""

import logging
import os
import re
import time
from itertools import count

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from turbo_server.kit.answer import render
from turbo_server.kit.context import SEEN, Seen
from turbo_server.kit.errors import InternalError
from turbo_server.kit.idempotency import REPLAYED
from turbo_server.kit.metrics import Metrics, Observed

from .routes import response

REQUEST_ID = "X-Request-Id"
QUIET = "/health"  # asked every few seconds by whatever watches
_HEADER = REQUEST_ID.lower().encode()
_IS_REPLAY = (REPLAYED.lower().encode(), b"true")
_FLY_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
log = logging.getLogger("turbo_server.requests")


class Watch:
    """An ASGI application around another. It reads no body and no query."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, behind_fly: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._behind_fly = behind_fly
        self._paths: dict[object, str] = {}
        self._start = os.urandom(4).hex()  # of this process; a number follows
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = scope[SEEN] = Seen(request_id=self._request_id(scope))
        answering = _Answering(send, seen.request_id.encode())
        started = time.perf_counter()
        try:
            await self._app(scope, receive, answering)
        except Exception:
            seen.code = InternalError.code
            log.exception("a request failed", extra={"fields": {"request_id": seen.request_id}})
            if answering.status:
                raise  # too late for another answer: the connection has to break
            await response(render(InternalError(seen.request_id)))(scope, receive, answering)
        finally:
            self._tell(scope, seen, answering, time.perf_counter() - started)

    def _tell(self, scope: Scope, seen: Seen, answering: "_Answering", seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = self._route(scope)
        tool = seen.tool or ""
        request = Observed(method, route, tool, answering.status, seconds, seen.code, answering.is_replay)
        self._metrics.observe(request)
        level = logging.WARNING if request.status >= 500 else logging.DEBUG if route == QUIET else logging.INFO
        if log.isEnabledFor(level):
            fields = {
                "request_id": seen.request_id, "key_id": seen.key_id, "tool": seen.tool, "status": request.status,
                "ms": round(seconds * 1000, 1), "replayed": request.is_replay, "error": seen.code,
            }  # fmt: skip
            log.log(level, "%s %s", method, route, extra={"fields": {"method": method, "route": route, **fields}})

    def _route(self, scope: Scope) -> str:
        """As it was declared; never the address itself, which may hold anything."""
        endpoint = scope.get("endpoint")
        if endpoint is None:
            return "none"
        if endpoint not in self._paths:
            routes: list[BaseRoute] = scope["app"].routes
            self._paths = {each.endpoint: each.path for each in routes if isinstance(each, Route)}
        return self._paths.get(endpoint, "none")

    def _request_id(self, scope: Scope) -> str:
        if self._behind_fly:
            given = [value for name, value in scope["headers"] if name == b"fly-request-id"]
            if len(given) == 1 and _FLY_ID.fullmatch(given[0]):
                return str(given[0].decode())
        return f"{self._start}{next(self._numbers):08x}"


class _Answering:
    """The way out: adds the id, and remembers what went by."""

    __slots__ = ("_request_id", "_send", "is_replay", "status")

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0  # until something was sent
        self.is_replay = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            self.is_replay = _IS_REPLAY in headers
            message["headers"] = [*headers, (_HEADER, self._request_id)]
        await self._send(message)
