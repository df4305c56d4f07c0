"""The page's types are those of this server. Needs no Node."""

import hashlib
from pathlib import Path

import pytest

from .openapi import document

LIBRARY = Path(__file__).parents[2] / "frontend" / "lib"


@pytest.mark.parametrize("name", ["api-types.ts", "choices.ts"])
def test_the_types_were_made_from_this_api(name: str) -> None:
    first_line = (LIBRARY / name).read_text().splitlines()[0]

    assert hashlib.sha256(document().encode()).hexdigest() in first_line, "stale: run `make web-types`"
