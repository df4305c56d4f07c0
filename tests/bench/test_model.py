"""The model and the server agree over a short run, and a planted fault is found."""

import pytest

from bench.model.faults import FAULTS, broken
from bench.model.run import play


def test_a_short_run_finds_no_difference(database_url: str) -> None:
    outcome = play(database_url, steps=80, seed=3, shrinks=False)
    assert outcome.difference is None
    assert outcome.steps >= 80


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_a_planted_fault_is_found(database_url: str) -> None:
    with broken("circles of dependencies are let through"):
        outcome = play(database_url, steps=800, seed=1, shrinks=False)
    assert outcome.difference is not None
    assert "dependency_cycle" in outcome.difference


@pytest.mark.slow
@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_found(database_url: str, fault: str) -> None:
    with broken(fault):
        assert play(database_url, steps=10_000, seed=1, shrinks=False).difference is not None
