"""Headings that links point at are there, and the decisions and tables that pages list are the ones there are."""

import re
from pathlib import Path

import pytest

from tests.house.tracked_files import tracked_files
from turbo_server.migrations.schema import metadata

ROOT = Path(__file__).parents[2]
PAGES = [path for path in tracked_files() if path.suffix == ".md"]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)")
DECISIONS = ROOT / "docs" / "decisions"
SECTIONS = ["## Context", "## Decision", "## Instead of", "## Consequences"]


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_to_headings_lead_somewhere(page: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target, anchor in LINK.findall(text):
        linked = text if not target else ((ROOT / page).parent / target).read_text(encoding="utf-8")
        assert anchor in anchors(linked), f"{target}#{anchor}"


def test_headings_are_named_as_github_names_them() -> None:
    assert anchors("# One, two\n```\n# no heading\n```\n## `get_status`\n") == {"one-two", "get_status"}


def test_every_decision_is_listed_under_its_own_title() -> None:
    there = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in there] == list(range(1, len(there) + 1))
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0].partition(". ")[2] for path in there}
    listed = dict(re.findall(r"\]\((\d{4}-[a-z-]+\.md)\) (.+)", (DECISIONS / "README.md").read_text(encoding="utf-8")))
    assert listed == titles


@pytest.mark.parametrize("path", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda path: path.name)
def test_a_decision_names_what_else_there_was_and_what_follows(path: Path) -> None:
    assert re.findall(r"^## .+$", path.read_text(encoding="utf-8"), re.MULTILINE) == SECTIONS


def test_the_data_page_tells_of_every_table() -> None:
    page = (ROOT / "docs" / "concepts" / "data.md").read_text(encoding="utf-8")
    assert [name for name in metadata.tables if f"`{name}`" not in page] == []
