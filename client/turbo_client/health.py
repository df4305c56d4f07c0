"""The client's own checks for `turbo-client doctor`: each looks at one thing and says how to mend it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

from turbo_client import __version__, account, config, credentials, machine_keys, paths
from turbo_client.answers import Answer
from turbo_client.backend import Backend, Request
from turbo_client.config import Config
from turbo_client.errors import TurboClientError

_OLDEST_PYTHON = (3, 11)
_CLOCK_TOLERANCE = 120.0


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` is None for what could not be found out or is only worth knowing."""

    name: str
    ok: bool | None
    detail: str
    remedy: str | None


def check_client() -> Iterator[Check]:
    """In the order in which one thing needs the other."""
    yield _python()
    yield _tried("cache folder", _cache_folder)
    try:
        loaded = config.load()
    except TurboClientError as problem:
        yield _tried("keyring", credentials.keyring_name)
        yield Check("configuration", ok=False, detail=problem.message, remedy=problem.hint)
        return
    yield Check("configuration", ok=True, detail=f"{loaded.origin} (from: {loaded.origin_source})", remedy=None)
    yield _keyring(loaded)
    backend = account.connect(loaded.origin)
    try:
        answer = backend.ask(Request("GET", "/health"), None)
    except TurboClientError as problem:
        yield Check("server", ok=False, detail=problem.message, remedy=problem.hint)
        return
    yield Check("server", ok=True, detail=f"{loaded.origin} answers", remedy=None)
    yield _clock(answer)
    yield _tried("server ready", partial(_ready, backend))
    yield _tried("API key", partial(_key, backend, loaded))


def _tried(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=check(), remedy=None)
    except TurboClientError as problem:
        return Check(name, ok=False, detail=problem.message, remedy=problem.hint)
    except OSError as problem:
        return Check(
            name,
            ok=False,
            detail=f"{problem.strerror}: {problem.filename}",
            remedy="Make that folder yours and writable.",
        )


def _python() -> Check:
    detail = f"turbo-client {__version__} on Python {sys.version.split()[0]}"
    oldest = ".".join(map(str, _OLDEST_PYTHON))
    return Check(
        "Python", ok=sys.version_info >= _OLDEST_PYTHON, detail=detail, remedy=f"Install Python {oldest} or newer."
    )


def _cache_folder() -> str:
    """By writing there: nothing else proves it."""
    probe = Path(paths.catalogue_directory(), "doctor-probe")
    paths.write_private(str(probe), b"")
    probe.unlink()
    return paths.catalogue_directory()


def _keyring(loaded: Config) -> Check:
    """Only worth knowing where the key comes from somewhere else."""
    check = _tried("keyring", credentials.keyring_name)
    elsewhere = loaded.login is not None and loaded.login.store == credentials.FILE
    if check.ok is False and (elsewhere or config.set_value(os.environ.get(credentials.VARIABLE)) is not None):
        return Check("keyring", ok=None, detail=f"{check.detail} It is not needed: the key is elsewhere.", remedy=None)
    return check


def _clock(answer: Answer) -> Check:
    """A clock that is far off breaks TLS and makes due dates wrong."""
    try:
        there = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return Check("clock", ok=None, detail="the server does not say its time", remedy=None)
    off = time.time() - there
    detail = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the server's"
    return Check(
        "clock",
        ok=abs(off) <= _CLOCK_TOLERANCE,
        detail=detail,
        remedy="Let this machine set its time from the network.",
    )


def _ready(backend: Backend) -> str:
    backend.ask(Request("GET", "/ready"), None)
    return "its database is there and up to date"


def _key(backend: Backend, loaded: Config) -> str:
    credential = credentials.find(loaded.origin, loaded.login)
    owner = account.look_up(backend, credential.value)
    told = f"{credential.masked} from the {credential.detail} belongs to {owner.name} (workspace {owner.workspace})"
    if not owner.scope:
        return told
    return f"{told}; {owner.scope}, {machine_keys.told_end(owner.expires_at, renews=False)}"
