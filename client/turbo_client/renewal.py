"""Renews this machine's key while it is used: nobody's work ends because ninety days are over.

A server says in a header that the key had better be renewed. The new secret takes the old one's place when it is first
used, and the old one works a day longer: at no moment is there less than one key that works.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager, suppress

from turbo_client import account, config, credentials, machine_keys, paths
from turbo_client import catalogue as catalogues
from turbo_client.errors import TurboClientError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from turbo_client.link import Link

_PAUSE_SECONDS = 3600.0  # after a renewal, or an attempt at one: others see to it as well
_STALE_SECONDS = 120.0


class _Pace:
    """How often this process tries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._not_before = 0.0

    def admits(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._not_before:
                return False
            self._not_before = now + _PAUSE_SECONDS
            return True


_PACE = _Pace()


def begin(link: Link, fingerprint: str) -> None:
    """An answer to the key of that fingerprint said that it is time. What is done is done behind the answers."""
    if _PACE.admits():
        threading.Thread(target=_renew_quietly, args=(link, fingerprint), name="renewal", daemon=True).start()


def _renew_quietly(link: Link, fingerprint: str) -> None:
    try:
        renew(link, fingerprint)
    except (TurboClientError, OSError) as problem:
        text = problem.text if isinstance(problem, TurboClientError) else problem.strerror
        print(f"turbo-client: this machine's key could not be renewed: {text}", file=sys.stderr, flush=True)


def renew(link: Link, fingerprint: str) -> bool:
    """Whether it was done. Only a key that was made for this machine: others may be in use elsewhere.

    Raises TurboClientError, and OSError where the configuration cannot be written; the old key works then as before.
    """
    loaded = config.load()
    login = loaded.login
    if login is None or not login.key_id or link.credential().source == credentials.ENVIRONMENT:
        return False
    with _alone() as is_alone:
        if not is_alone:
            return False
        old = credentials.stored(loaded.origin, login)
        if old.fingerprint != fingerprint:
            return False  # another session has done it
        backend = link.backend
        new = machine_keys.rotate(lambda request: backend.ask(request, old.value))
        credentials.store(loaded.origin, new.value, old.source)
        owner = account.look_up(backend, new.value)
        fresh = owner.login(credentials.Credential(new.value, old.source, "").fingerprint, old.source, login.key_id)
        known = link.catalogue
        if known is not None:
            catalogues.save(known, loaded.origin, fresh.fingerprint, loaded.toolsets)
        config.remember(loaded.origin, fresh, as_default=False)  # last: all sessions take it as their cue
        catalogues.forget(loaded.origin, old.fingerprint)
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """False while another process renews: two at once would each put away the other's secret."""
    path = os.path.join(paths.config_directory(), "renewal.lock")  # noqa: PTH118 - see paths.py
    with suppress(OSError):
        if time.time() - os.stat(path).st_mtime > _STALE_SECONDS:  # noqa: PTH116 - see paths.py
            paths.remove(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        yield False
        return
    try:
        yield True
    finally:
        paths.remove(path)
