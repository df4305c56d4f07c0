"""All that stands behind the doors: the tools, and the routes that lead to them. Importing it reads every tool."""

from dataclasses import dataclass

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from turbo_server.account.identity import Identity
from turbo_server.account.joining import admitting
from turbo_server.account.signing_in import signing_in
from turbo_server.activity.unseen import names_unseen
from turbo_server.background import Background
from turbo_server.catalogue import ENDPOINTS, KINDS, LISTINGS, Catalogue
from turbo_server.doors.join import join_routes
from turbo_server.doors.metrics import metrics_routes
from turbo_server.doors.openapi import openapi_document
from turbo_server.doors.rest import endpoint_routes, rest_routes
from turbo_server.doors.routes import Keyed, Open
from turbo_server.doors.session import session_routes
from turbo_server.job.types import Services
from turbo_server.kit.database import Database
from turbo_server.kit.limits import Limits
from turbo_server.kit.metrics import Metrics
from turbo_server.kit.replica import Replica
from turbo_server.kit.runner import Runner
from turbo_server.kit.tool import Endpoint
from turbo_server.relation.graph import GRAPH
from turbo_server.settings import Settings


@dataclass(frozen=True)
class Api:
    catalogue: Catalogue
    runner: Runner
    routes: tuple[Open | Keyed, ...]
    background: Background


def build_api(
    settings: Settings, database: Database, replica: Replica | None, identity: Identity, metrics: Metrics
) -> Api:
    catalogue = Catalogue()
    limits = Limits(settings.calls_per_minute, settings.creations_per_hour, settings.bad_keys_per_minute)
    runner = Runner(
        database, catalogue.tools, identity, KINDS, settings.web_url,
        listings=LISTINGS, conceals=names_unseen, limits=limits, traits=settings.traits, replica=replica,
    )  # fmt: skip
    endpoints = _endpoints(settings)

    async def openapi(_request: Request) -> Response:
        return Response(to_json(openapi_document(catalogue, endpoints)), media_type="application/json")

    routes: tuple[Open | Keyed, ...] = (
        *rest_routes(catalogue, runner),
        *endpoint_routes(endpoints, runner),
        *join_routes(runner, admitting(identity)),
        *session_routes(runner, signing_in(identity)),
        Open("/openapi.json", openapi, methods=["GET"]),
        *metrics_routes(runner, metrics),
    )
    return Api(catalogue, runner, routes, Background(Services(database, runner, settings)))


def _endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    return (*ENDPOINTS, GRAPH) if settings.graph_enabled else ENDPOINTS
