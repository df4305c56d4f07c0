"""The proofs of faults are held to their own bars, and each control shows that its proof can fail."""

import os

import pytest

from bench import cold_start
from bench.cgroup import MemoryGroup, NoCgroup
from bench.faults.__main__ import main


def has_memory_groups() -> bool:
    try:
        with MemoryGroup(64):
            return True
    except NoCgroup:
        return False


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a tmpfs: it needs root")
needs_cgroup = pytest.mark.skipif(not has_memory_groups(), reason="bounds memory by a cgroup: there is none to be had")


@pytest.mark.slow
@needs_cgroup
@pytest.mark.parametrize(("share", "status"), [("0.0625", 0), ("0.02", 1)])
def test_a_cold_start_is_in_time_and_with_a_third_of_the_processor_it_is_not(share: str, status: int) -> None:
    assert cold_start.main(["--rounds", "1", "--share", share]) == status


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["silence", "--seconds", "2"],
        ["stop"],
        ["stop", "--kill"],
        pytest.param(["full-disk", "--database", "sqlite"], marks=needs_root),
        pytest.param(["full-disk", "--database", "sqlite", "--false-success"], marks=needs_root),
        pytest.param(["memory", "--database", "sqlite"], marks=needs_cgroup),
    ],
    ids=" ".join,
)
def test_a_proof_and_its_control_hold(words: list[str]) -> None:
    assert main(words) == 0
