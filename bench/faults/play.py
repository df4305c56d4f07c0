"""The course of a run: writers work, and at seeded moments something is killed and started anew."""

import random
import time
from dataclasses import dataclass

from bench.faults.processes import Servers, kill_postgres
from bench.faults.writers import Ledger, Writers
from tests.postgres import OwnPostgres

SERVER, POSTGRES = "turbo-server", "Postgres"
DOWN_SECONDS = 0.5  # at most, before it is started anew
_POLL_SECONDS = 0.02


@dataclass(frozen=True, order=True)
class Kill:
    """`at` is the number of settled writes that it waits for."""

    at: int
    whom: str


def planned(draw: random.Random, whom: str, times: int, writes: int) -> list[Kill]:
    """Spread over the whole run, each anywhere in its part of it."""
    part = writes / max(times, 1)
    return [Kill(int(part * (number + draw.uniform(0.05, 0.9))), whom) for number in range(times)]


@dataclass
class Play:
    servers: Servers
    postgres: OwnPostgres | None
    ledger: Ledger
    writers: Writers
    draw: random.Random

    def run(self, kills: list[Kill], seconds: float) -> list[Kill]:
        """Those that happened: all, unless the time was up."""
        deadline = time.monotonic() + seconds
        done: list[Kill] = []
        self.writers.start()
        for kill in sorted(kills):
            if not self._wait_until(kill.at, deadline):
                break
            self._strike(kill.whom)
            done.append(kill)
        while self.writers.are_at_work and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        self.writers.end()
        return done

    def _wait_until(self, settled: int, deadline: float) -> bool:
        while self.ledger.settled < settled:
            if time.monotonic() > deadline or not self.writers.are_at_work:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _strike(self, whom: str) -> None:
        pause = self.draw.uniform(0, DOWN_SECONDS)
        if whom == SERVER:
            which = self.draw.randrange(len(self.servers.ports))
            self.servers.kill(which)
            time.sleep(pause)
            self.servers.start(which)
        elif self.postgres is not None:
            kill_postgres(self.postgres)
            time.sleep(pause)
            self.postgres.start()
