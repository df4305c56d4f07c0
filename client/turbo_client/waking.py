"""What happens behind the first answer: HTTP, TLS and key are made ready, the server woken, the tool list checked."""

from __future__ import annotations

import sys
import time

from turbo_client import calls as _calls  # noqa: F401 - so that the first call finds everything imported
from turbo_client import config
from turbo_client.errors import NotLoggedIn, TurboClientError
from turbo_client.link import Link

# Only while there is no tool list at all; a session that has one never asks again by itself.
_PAUSES = (1, 2, 4, 8, 15, 30, 60, 60, 60, 60)


def connect(link: Link) -> None:
    """Returns once the server has answered, there is a saved list to go on with, or five minutes have passed."""
    problem = _try(link)
    if problem is not None:
        print(f"turbo-client: {problem.text}", file=sys.stderr, flush=True)
    for pause in _PAUSES:
        if problem is None or link.catalogue is not None:
            return
        stamp = config.stamp()
        time.sleep(pause)
        if not isinstance(problem, NotLoggedIn) or config.stamp() != stamp:  # nobody logged in: do not ask the keyring
            problem = _try(link)


def _try(link: Link) -> TurboClientError | None:
    try:
        link.refresh()
    except TurboClientError as problem:
        return problem
    return None
