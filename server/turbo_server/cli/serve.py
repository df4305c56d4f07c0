"""`turbo-server serve`."""

import argparse
import asyncio
import logging
import signal
import socket
from types import FrameType

import uvicorn

from turbo_server.app import create_app
from turbo_server.cli import say
from turbo_server.cli.local_database import is_made_ready
from turbo_server.kit.database_url import read_postgres_url
from turbo_server.kit.errors import TurboError
from turbo_server.logs import set_up_logs
from turbo_server.settings import Settings
from turbo_server.startup import CannotStart

log = logging.getLogger("turbo_server")
DRAIN_SECONDS = 20  # below fly.toml's kill_timeout


def configure(_parser: argparse.ArgumentParser) -> None:
    """It takes no options: the environment configures it, on a machine and on Fly alike."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """0 after a drained stop, 1 when it could not start."""
    set_up_logs(settings)
    if not is_made_ready(settings):
        return 1
    for name in () if settings.is_local else read_postgres_url(settings.database_url).ignored:
        say(f"The parameter {name} of DATABASE_URL means nothing here and is ignored.")
    try:
        return asyncio.run(_serve(settings))
    except (CannotStart, TurboError) as error:
        say(f"turbo-server cannot start. {error}")
        return 1


async def _serve(settings: Settings) -> int:
    app = create_app(settings)
    listening = listen(settings.host, settings.port)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",  # run by us, so that a failure at start is one sentence and not a traceback
            access_log=False,
            server_header=False,
            proxy_headers=False,  # or anybody on this machine could say with X-Forwarded-For where a call comes from
            log_config=None,  # as set_up_logs has it
            timeout_keep_alive=65,  # above the 60 s after which Fly's proxy lets go of an idle connection
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )
    async with app.router.lifespan_context(app):
        _announce(settings)
        # uvicorn raises the signal once more when it has drained: it would end us before the database is closed.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, _already_stopping)
        await server.serve(sockets=[listening])
    return 0


def _announce(settings: Settings) -> None:
    line = f"turbo-server listens on http://{settings.host}:{settings.port}"
    if settings.logs_as_json:
        log.info(line)
    else:
        say(line)


def _already_stopping(_signal: int, _frame: FrameType | None) -> None:
    pass


def listen(host: str, port: int) -> socket.socket:
    """Bound by us: uvicorn would log a taken port and exit. `::` takes IPv4 as well. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: asyncio turns Nagle's delay (40 ms a call) off only then.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"It cannot listen on {host}, port {port}: {error.strerror}. Set API_HOST or API_PORT."
        ) from error
    return listening
