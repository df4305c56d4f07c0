"""The HTTP API: the catalogue, the tools, and who the key belongs to.

Plain Starlette routes: the tools bring their own validation and schemas, and FastAPI's per-request machinery would cost
as much as the rest of a call.
"""

from collections.abc import Iterable

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from turbo_server import __version__
from turbo_server.catalogue import Catalogue, read_toolsets
from turbo_server.kit.answer import shown
from turbo_server.kit.context import Actor
from turbo_server.kit.runner import RENEWAL_DUE, Runner
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.tool import Endpoint

from .bodies import Bodies
from .routes import PROMISED, Admission, Keyed, KeyedHandler, response

CATALOGUE_HEADER = "Turbo-Catalogue"


def rest_routes(catalogue: Catalogue, runner: Runner) -> list[Keyed]:
    bodies = Bodies(runner.authenticator)

    async def call_tool(request: Request, admission: Admission) -> Response:
        body = await bodies.read(request)
        answer = await admission.answer(request.path_params["name"], body)
        return response(answer, {CATALOGUE_HEADER: catalogue.etag})

    async def list_tools(request: Request, admission: Admission) -> Response:
        actor = await admission.identify()
        chosen = read_toolsets(request.query_params.get("toolsets", ""))
        ends = actor.near_end(runner.clock())
        etag = catalogue.etag_of(chosen, actor.scope, ends)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", **PROMISED, **_renewal(actor, runner)}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(catalogue.listing_of(chosen, actor.scope, ends), media_type="application/json", headers=headers)

    async def me(_request: Request, admission: Admission) -> Response:
        actor = await admission.identify()
        headers = {"Cache-Control": "no-store", **_renewal(actor, runner)}
        return Response(shown(to_json(_person(actor))), media_type="application/json", headers=headers)

    return [
        Keyed("/v1/tools/{name}", call_tool, runner, methods=["POST"]),
        Keyed("/v1/tools", list_tools, runner, methods=["GET"]),
        Keyed("/v1/me", me, runner, methods=["GET"]),
    ]


def _person(actor: Actor) -> dict[str, object]:
    expires_at = actor.key_expires_at
    key = {
        "id": actor.key_id,
        "name": actor.key_name,
        "last4": actor.key_last4,
        "scope": actor.scope,
        "machine": actor.key_machine,
        "expires_at": to_seconds(expires_at) if expires_at else None,
        "is_renewable": actor.key_renewal_days is not None,
        "is_limited": actor.only_projects is not None,
    }
    return {"name": actor.name, "workspace": actor.workspace, "key": key, "server_version": __version__}


def _renewal(actor: Actor, runner: Runner) -> dict[str, str]:
    return RENEWAL_DUE if actor.is_renewal_due(runner.clock()) else {}


def endpoint_routes(endpoints: Iterable[Endpoint], runner: Runner) -> list[Keyed]:
    bodies = Bodies(runner.authenticator)
    return [Keyed(each.path, _endpoint(each, bodies), runner, methods=[each.method]) for each in endpoints]


def _endpoint(endpoint: Endpoint, bodies: Bodies) -> KeyedHandler:
    tool, large, headers = endpoint.tool, endpoint.large, {"Cache-Control": "no-store"}

    async def call(request: Request, admission: Admission) -> Response:
        body = to_json(dict(request.query_params)) if request.method == "GET" else await bodies.read(request)
        return response(await admission.answer_endpoint(tool, body), headers)

    async def call_with_large_body(request: Request, admission: Admission) -> Response:
        assert large is not None  # noqa: S101 - else the other is taken
        await admission.require(tool)
        async with bodies.alone(request, large) as body:
            return response(await admission.answer_endpoint(tool, body), headers)

    return call_with_large_body if large else call
