"""The pages of docs/reference without the seconds that writing them takes."""

import functools

import pytest

from docs import generate


@pytest.fixture
def pages_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what becomes of pages once they are written: each is written as it stands in docs/reference."""
    monkeypatch.setattr(generate, "PAGES", {name: functools.partial(_standing, name) for name in generate.PAGES})


def _standing(name: str) -> str:
    return (generate.REFERENCE / name).read_text(encoding="utf-8").removeprefix(generate.MARK)
