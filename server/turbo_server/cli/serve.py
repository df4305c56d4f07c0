"""`turbo-server serve`."""

import argparse
import asyncio
import errno
import gc
import logging
import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from turbo_server.app import create_waking_app
from turbo_server.cli import say
from turbo_server.cli.database_words import told
from turbo_server.cli.first_failures import FirstFailures
from turbo_server.cli.local_database import is_made_ready
from turbo_server.doors.later import Later
from turbo_server.kit.database import Database
from turbo_server.kit.database_errors import DatabaseTooNew
from turbo_server.kit.database_url import read_postgres_url
from turbo_server.kit.errors import TurboError
from turbo_server.kit.idempotency import PROMISE
from turbo_server.logs import set_up_logs
from turbo_server.settings import Settings
from turbo_server.startup import CannotStart, what_is_missing

log = logging.getLogger("turbo_server")
DRAIN_SECONDS = 20  # below fly.toml's kill_timeout
LOOP = uvicorn.Config("", loop="auto").get_loop_factory()  # uvloop, where there is one
GARBAGE_AFTER = 20_000  # new objects: a page of rows makes many and no circles; 700 would cost 3 % of a call


def configure(_parser: argparse.ArgumentParser) -> None:
    """It takes no options: the environment configures it, on a machine and on Fly alike."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """0 after a drained stop, 1 when it could not start."""
    set_up_logs(settings)
    gc.set_threshold(GARBAGE_AFTER)
    if not is_made_ready(settings):
        return 1
    for name in () if settings.is_local else read_postgres_url(settings.database_url).ignored:
        say(f"The parameter {name} of DATABASE_URL means nothing here and is ignored.")
    try:
        with asyncio.Runner(loop_factory=LOOP) as runner:
            return runner.run(_serve(settings))
    except (CannotStart, TurboError) as error:
        say(f"turbo-server cannot start. {told(error, settings) if isinstance(error, TurboError) else error}")
        return 1


async def _serve(settings: Settings) -> int:
    app, tools = create_waking_app(settings)
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
    log.addHandler(failures := FirstFailures(settings))
    async with app.router.lifespan_context(app):

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.should_exit = True

        # For the moment before uvicorn listens to signals itself, and for when it has drained: it raises the signal
        # once more then, which would end us before the database is closed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        failures.announce(f"turbo-server listens on http://{settings.host}:{settings.port}", logging.INFO)
        looking = asyncio.create_task(_look(failures, app.state.database, server))
        working = asyncio.create_task(_work(tools, app, server))
        await server.serve(sockets=[listening])
        looking.cancel()
        await _stop(working, app)
    return 1 if failures.have(DatabaseTooNew) else 0


async def _work(tools: Later, app: FastAPI, server: uvicorn.Server) -> None:
    """What is done beside the calls, once all tools are read."""
    await tools.arrive()
    await app.state.background.run(is_ending=lambda: server.should_exit)


async def _stop(working: asyncio.Task[None], app: FastAPI) -> None:
    working.cancel()
    await asyncio.wait([working])
    if hasattr(app.state, "background"):
        await app.state.background.stop()


async def _look(failures: FirstFailures, database: Database, server: uvicorn.Server) -> None:
    """Beside serving: a server that waits for its database is better than none, but it must not do so in silence.

    One that is too old for its database would do damage: it ends.
    """
    try:
        if missing := await what_is_missing(database):
            failures.announce(f"turbo-server: {missing}")
    except TurboError as error:
        failures.tell(error)
        server.should_exit = server.should_exit or isinstance(error, DatabaseTooNew)


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
        if error.errno == errno.EADDRINUSE and _is_ours(host, port):
            raise CannotStart(
                f"A turbo-server is already running at http://{host}:{port}: use that one, or set API_PORT to another"
                " port."
            ) from None
        raise CannotStart(
            f"It cannot listen on {host}, port {port}: {error.strerror}. Set API_HOST or API_PORT."
        ) from error
    return listening


def _is_ours(host: str, port: int) -> bool:
    """Whether what listens there promises what only a turbo-server does."""
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return PROMISE.lower().encode() in connection.recv(4096).lower()
    except OSError:
        return False
