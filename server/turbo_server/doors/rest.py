"""The HTTP API: the catalogue, the tools, and who the key belongs to.

Plain Starlette routes: the tools bring their own validation and schemas, and FastAPI's per-request machinery would cost
as much as the rest of a call.
"""

from collections.abc import Awaitable, Callable, Iterable

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from turbo_server import __version__
from turbo_server.catalogue import Catalogue, read_toolsets
from turbo_server.kit.answer import Answer, render
from turbo_server.kit.errors import TurboError
from turbo_server.kit.idempotency import KEPT_FOR, PROMISE
from turbo_server.kit.runner import Runner
from turbo_server.kit.tool import Endpoint, Tool

from .auth import caller_of, token_of
from .bodies import Bodies

CATALOGUE_HEADER = "Turbo-Catalogue"
# On every answer: a client may repeat a write only where it knows that its key is looked at.
PROMISED = {PROMISE: str(int(KEPT_FOR.total_seconds()))}

Handler = Callable[[Request], Awaitable[Response]]


def rest_routes(catalogue: Catalogue, runner: Runner) -> list[Route]:
    bodies = Bodies(runner.authenticator)

    async def call_tool(request: Request) -> Response:
        try:
            body = await bodies.read(request)
        except TurboError as error:
            return response(render(error), {CATALOGUE_HEADER: catalogue.etag})
        answer = await runner.answer(request.path_params["name"], body, token_of(request), caller_of(request))
        return response(answer, {CATALOGUE_HEADER: catalogue.etag})

    async def list_tools(request: Request) -> Response:
        await runner.identify(token_of(request), caller_of(request))
        chosen = read_toolsets(request.query_params.get("toolsets", ""))
        etag = catalogue.etag_of(chosen)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", **PROMISED}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(catalogue.listing_of(chosen), media_type="application/json", headers=headers)

    async def me(request: Request) -> Response:
        actor = await runner.identify(token_of(request), caller_of(request))
        key = {"id": actor.key_id, "name": actor.key_name, "last4": actor.key_last4}
        person = {"name": actor.name, "workspace": actor.workspace, "key": key, "server_version": __version__}
        return Response(to_json(person), media_type="application/json", headers={"Cache-Control": "no-store"})

    return [
        Route("/v1/tools/{name}", call_tool, methods=["POST"]),
        Route("/v1/tools", rendered(list_tools), methods=["GET"]),
        Route("/v1/me", rendered(me), methods=["GET"]),
    ]


def endpoint_routes(endpoints: Iterable[Endpoint], runner: Runner) -> list[Route]:
    bodies = Bodies(runner.authenticator)
    return [Route(each.path, _endpoint(each.tool, runner, bodies), methods=[each.method]) for each in endpoints]


def _endpoint(tool: Tool, runner: Runner, bodies: Bodies) -> Handler:
    async def call(request: Request) -> Response:
        try:
            body = to_json(dict(request.query_params)) if request.method == "GET" else await bodies.read(request)
        except TurboError as error:
            return response(render(error))
        answer = await runner.answer_endpoint(tool, body, token_of(request), caller_of(request))
        return response(answer, {"Cache-Control": "no-store"})

    return call


def rendered(endpoint: Handler) -> Handler:
    """Failures of an endpoint in the same envelope as a tool's."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TurboError as error:
            return response(render(error))

    return guarded


def response(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json",
        headers={**answer.headers, **PROMISED, **(headers or {})},
    )
