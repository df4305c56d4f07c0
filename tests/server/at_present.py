"""A server whose clock begins now, where times of its own making are compared with those of the machine."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.server.clock import Clock
from tests.server.harness import Turbo


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as server:
        yield server
