"""A word to whoever waits."""

import contextlib
from collections.abc import Iterator

from turbo_client.errors import BadConfiguration
from turbo_client.link import Link
from turbo_client.terminal import say

SECONDS = 5.0


@contextlib.contextmanager
def still_trying(link: Link) -> Iterator[None]:
    """Says so once when there is no answer after a while."""
    alarm = link.alarms.after(SECONDS, lambda: _say(link))
    try:
        yield
    finally:
        alarm.cancel()


def _say(link: Link) -> None:
    with contextlib.suppress(BadConfiguration):
        say(f"still trying: no answer from {link.config.origin} yet; Ctrl-C gives up")
