"""The machines that the installer's tests run on."""

# Loaded before a test becomes somebody who may not read the standard library: a failed look-up would stay failed.
import encodings.utf_8_sig  # noqa: F401
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.machine import Machine, machine_in


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with machine_in(tmp_path) as machine:
        yield machine
