"""Runs machines until they have taken so many steps, or found a difference."""

from collections import Counter
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test

from tests.server.harness import Turbo

from .machine import Stage, machine_on
from .player import Clock, Difference, Player

STEPS_A_RUN = 60
SIMPLE_RUNS = 2  # which come first of all: without a step
RUNS_AT_ONCE = 20


@dataclass
class Outcome:
    steps: int
    runs: int
    done: dict[str, int]
    refused: Counter[str]
    difference: str | None = None


def play(database_url: str, steps: int, seed: int, *, shrinks: bool = True) -> Outcome:
    clock = Clock()
    with Turbo(database_url, clock=clock) as turbo:
        people = {"ada": turbo.ada, "ben": turbo.person("ben")}
        refused: Counter[str] = Counter()
        stage = Stage(lambda project: Player(turbo, clock, people, project, refused), _free_prefix(turbo))
        difference = None
        while stage.steps < steps and difference is None:
            difference = _round(
                stage, min(RUNS_AT_ONCE, SIMPLE_RUNS + 1 + (steps - stage.steps) // STEPS_A_RUN), seed, shrinks
            )
            seed += 1
    return Outcome(stage.steps, stage.runs, stage.done, refused, difference)


def _free_prefix(turbo: Turbo) -> str:
    """Of the keys of projects: another play may have been on this database."""
    return f"M{turbo.call('list_projects')['total']}X"


def _round(stage: Stage, runs: int, seed: int, shrinks: bool) -> str | None:
    settings = hypothesis.settings(
        max_examples=runs, stateful_step_count=STEPS_A_RUN, database=None, deadline=None,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
    )  # fmt: skip
    machine = hypothesis.seed(seed)(machine_on(stage))
    try:
        run_state_machine_as_test(machine, settings=settings)
    except Difference as error:
        return "\n".join([str(error), *getattr(error, "__notes__", ())])
    return None
