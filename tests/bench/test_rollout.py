"""A deployment under load is held to its bar, and its control shows that the proof can fail."""

import pytest

from bench.rollout.__main__ import main


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--quick"], ["--quick", "--contract"]], ids=" ".join)
def test_a_deployment_and_its_control_hold(words: list[str]) -> None:
    assert main(words) == 0
