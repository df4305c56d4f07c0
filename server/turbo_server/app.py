"""Puts the server together."""

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from turbo_server import __version__
from turbo_server.account.identity import Identity
from turbo_server.account.joining import admitting
from turbo_server.activity.replica_store import Progress
from turbo_server.activity.unseen import names_unseen
from turbo_server.catalogue import ENDPOINTS, KINDS, LISTINGS, Catalogue
from turbo_server.doors.health import health_routes
from turbo_server.doors.join import join_routes
from turbo_server.doors.metrics import metrics_routes
from turbo_server.doors.observing import Watch
from turbo_server.doors.openapi import openapi_document
from turbo_server.doors.rest import endpoint_routes, rest_routes
from turbo_server.doors.routes import Keyed, Open, response
from turbo_server.kit.answer import render
from turbo_server.kit.database import Database, open_database
from turbo_server.kit.errors import NotFound, TurboError
from turbo_server.kit.limits import Limits
from turbo_server.kit.metrics import CountedDatabase, Metrics
from turbo_server.kit.replica import Replica, hurried
from turbo_server.kit.runner import Runner
from turbo_server.kit.tool import Endpoint
from turbo_server.relation.graph import GRAPH
from turbo_server.settings import Settings
from turbo_server.startup import admit_owner

TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # costs 2 to 10 % of a call


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application. Its database is opened by the lifespan, and must be migrated."""
    database = CountedDatabase(open_database(settings.database_url, settings.patience))
    replica = _replica(settings)
    metrics = Metrics(__version__, database, replica.outcomes if replica else {})
    identity = Identity(settings.key_pepper)
    catalogue = Catalogue()
    limits = Limits(settings.calls_per_minute, settings.creations_per_hour, settings.bad_keys_per_minute)
    runner = Runner(
        database, catalogue.tools, identity, KINDS, settings.web_url,
        listings=LISTINGS, conceals=names_unseen, limits=limits, replica=replica,
    )  # fmt: skip
    app = FastAPI(
        title="Turbo-Plan",
        version=__version__,
        openapi_url=None,  # ours is made from the catalogue
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, database, replica, identity),
        telemetry=TELEMETRY,
        exception_handlers={HTTPException: _http_error},
    )
    app.router.routes.extend(_routes(catalogue, runner, _endpoints(settings), identity))
    app.router.routes.extend(metrics_routes(runner, metrics))
    app.add_middleware(Watch, metrics=metrics, behind_fly=settings.behind_fly)
    app.state.behind_fly = settings.behind_fly
    app.state.runner = runner
    app.state.catalogue = catalogue
    return app


def _replica(settings: Settings) -> Replica | None:
    if settings.database_replica_url is None:
        return None
    return Replica(open_database(settings.database_replica_url, hurried(settings.patience)), Progress())


def _endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    return (*ENDPOINTS, GRAPH) if settings.graph_enabled else ENDPOINTS


def _routes(
    catalogue: Catalogue, runner: Runner, endpoints: tuple[Endpoint, ...], identity: Identity
) -> list[Open | Keyed]:
    async def openapi(_request: Request) -> Response:
        return Response(to_json(openapi_document(catalogue, endpoints)), media_type="application/json")

    return [
        *health_routes(runner.database),
        *rest_routes(catalogue, runner),
        *endpoint_routes(endpoints, runner),
        *join_routes(runner, admitting(identity)),
        Open("/openapi.json", openapi, methods=["GET"]),
    ]


def _lifespan(
    settings: Settings, database: Database, replica: Replica | None, identity: Identity
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as opened:
            for each in (database, replica.database) if replica else (database,):
                await each.connect()
                opened.push_async_callback(each.disconnect)
            await admit_owner(settings, database, identity)
            yield

    return lifespan


async def _http_error(_request: Request, error: Exception) -> Response:
    """Unknown paths and methods in the same envelope as everything else."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    wrong: TurboError = NotFound("There is nothing at this address.", "The API is described in /openapi.json.")
    if status == 405:
        wrong = TurboError("This address does not take that method.", "The API is described in /openapi.json.")
        wrong.code = "method_not_allowed"
    wrong.status = status
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return response(render(wrong), headers)
