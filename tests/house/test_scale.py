"""docs/concepts/scale.md stays true: what it says of Postgres, and of what a process keeps in memory."""

import re

import pytest

from tests.house.process_state import OF_ONE_CALL, states
from tests.house.source_tree import ROOT
from tests.house.sql_features import FEATURES, found, functions

PAGE = (ROOT / "docs" / "concepts" / "scale.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below that heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


SQL = {row[0]: row for row in rows("The SQL that is relied on")}
MEMORY = {name: row for row in rows("What a process remembers") for name in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize("feature", FEATURES)
def test_the_page_names_where_each_feature_of_postgres_is_used(feature: str) -> None:
    assert found()[feature], f"nothing uses it any more: take {feature!r} out of tests/house/sql_features.py"
    assert feature in SQL, f"docs/concepts/scale.md does not name {feature!r}"
    assert re.findall(r"`([\w/]+\.py)`", SQL[feature][1]) == found()[feature]


def test_the_page_names_no_feature_that_is_not_looked_for() -> None:
    assert list(SQL) == list(FEATURES)


def test_every_function_of_a_statement_is_plain_sql_or_named_by_the_page() -> None:
    said = " ".join(cell for row in SQL.values() for cell in row)
    assert [name for name in sorted(functions()) if f"{name}" not in said] == []


def test_whatever_a_process_remembers_stands_in_the_page_with_why_others_need_not_know() -> None:
    assert states() - OF_ONE_CALL == set(MEMORY)


def test_what_lives_for_one_call_is_still_there() -> None:
    assert states() >= OF_ONE_CALL
