"""`turbo-server serve`."""

import argparse
import asyncio
import contextlib
import logging

import uvicorn

from turbo_server.app import create_app
from turbo_server.cli import say
from turbo_server.kit.errors import TurboError
from turbo_server.migrations.version import is_current
from turbo_server.settings import Settings
from turbo_server.startup import CannotStart

DRAIN_SECONDS = 20  # below fly.toml's kill_timeout


def configure(_parser: argparse.ArgumentParser) -> None:
    """It takes no options: the environment configures it, on a machine and on Fly alike."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """0 after a drained stop, 1 when it could not start."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if settings.is_local and not is_current(settings.sqlite_path):
        from turbo_server.migrations.migrate import MigrationFailed, migrate  # Alembic only when there is work for it

        try:
            migrate(settings.database_url)
        except MigrationFailed as error:
            say(str(error))
            return 1
    try:
        return asyncio.run(_serve(settings))
    except (CannotStart, TurboError) as error:
        say(f"turbo-server cannot start. {error}")
        return 1


async def _serve(settings: Settings) -> int:
    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            lifespan="off",  # run by us, so that a failure at start is one sentence and not a traceback
            access_log=False,
            server_header=False,
            log_level="warning",
            timeout_keep_alive=65,  # above the 60 s after which Fly's proxy lets go of an idle connection
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )
    async with app.router.lifespan_context(app):
        say(f"turbo-server listens on http://{settings.host}:{settings.port}")
        with contextlib.suppress(asyncio.CancelledError):
            await server.serve()
    return 0 if server.started else 1
