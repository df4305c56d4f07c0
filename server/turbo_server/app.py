"""Puts the server together."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from turbo_server import __version__
from turbo_server.account.identity import Identity
from turbo_server.doors.health import health_routes
from turbo_server.doors.later import Later
from turbo_server.doors.observing import Watch
from turbo_server.doors.pages import Pages
from turbo_server.doors.routes import response
from turbo_server.kit.answer import render
from turbo_server.kit.database import Database, open_database
from turbo_server.kit.errors import NotFound, TurboError
from turbo_server.kit.metrics import CountedDatabase, Metrics
from turbo_server.kit.replica import Replica, hurried
from turbo_server.settings import Settings
from turbo_server.startup import admit_owner

TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}  # costs 2 to 10 % of a call


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application. Its database is opened by the lifespan, and must be migrated."""
    app, make = _begun(settings)
    app.router.routes[:0] = make()
    return app


def create_waking_app(settings: Settings) -> tuple[FastAPI, Later]:
    """The same, answering /health at once: its tools are read with the first call, or when `Later` is told to."""
    app, make = _begun(settings)
    later = Later(app.router, make)
    app.router.routes.append(later)
    return app, later


def _begun(settings: Settings) -> tuple[FastAPI, Callable[[], Sequence[BaseRoute]]]:
    database = CountedDatabase(open_database(settings.database_url, settings.patience))
    replica = _replica(settings)
    metrics = Metrics(__version__, database, replica.outcomes if replica else {})
    identity = Identity(settings.key_pepper)
    app = FastAPI(
        title="Turbo-Plan",
        version=__version__,
        openapi_url=None,  # ours is made from the catalogue
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, database, replica, identity),
        telemetry=TELEMETRY,
        exception_handlers={HTTPException: _http_error},
        redirect_slashes=False,  # behind TLS it would lead to http://, key and all
    )
    app.router.routes.extend((*health_routes(database), Pages(settings.web_folder)))
    app.add_middleware(Watch, metrics=metrics, behind_fly=settings.behind_fly)
    app.state.behind_fly = settings.behind_fly
    app.state.trusted_proxies = settings.trusted_proxies
    app.state.database = database

    def make() -> Sequence[BaseRoute]:
        from turbo_server.api import build_api  # here: it reads every tool

        api = build_api(settings, database, replica, identity, metrics)
        app.state.runner = api.runner
        app.state.catalogue = api.catalogue
        app.state.background = api.background
        return api.routes

    return app, make


def _replica(settings: Settings) -> Replica | None:
    if settings.database_replica_url is None:
        return None
    from turbo_server.activity.replica_store import Progress  # here: few have one, and all of them start

    return Replica(open_database(settings.database_replica_url, hurried(settings.patience)), Progress())


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
