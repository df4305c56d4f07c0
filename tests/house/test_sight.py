"""Every statement that is written anywhere can be held to what its actor may see, or says why it need not be."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table

from tests.house.statements import statements
from turbo_server.kit import sight
from turbo_server.kit.sight import GUARDED, Sight, guarded_names, limited_statement
from turbo_server.kit.sql import Statement, sql
from turbo_server.migrations.schema import metadata

# Tables that carry a project and are not guarded, with the reason.
OUTSIDE = {
    "project_members": "says who sees what: asked for a project that was found",
    "key_projects": "says what a key sees: asked with the key",
    "conversation_projects": "says from which projects a conversation tells: the guard of conversations asks it",
}
# What changes a row of a guarded table names it by an id, of something that was found, or is held to what is seen.
BY_ID = re.compile(r"where[^()]*\b(?:id|subject_id|item_id|issue_id|project_id)\b\s*(?:=|in\b)", re.IGNORECASE)
WHOLE = {
    "update events set tx = 0": "numbers of transactions, of no meaning to anybody",
    "delete from search_entries where workspace_id = $1 and id <= $2": "what reindex has written anew",
}


def carry_a_project() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if "project_id" in table.columns or table.name == "projects")


def test_every_table_with_a_project_is_guarded() -> None:
    assert {table.name for table in carry_a_project()} == (set(GUARDED) - {"labels"}) | set(OUTSIDE)


def test_every_statement_can_be_limited() -> None:
    """By a list and by what is hidden; a lock or a recursion that cannot be raises here and not in somebody's call."""
    seen = statements()
    assert len(seen) > 150
    for place, statement in seen:
        for by_list in (False, True):
            limited = limited_statement(statement, 99, by_list=by_list)
            if statement.sees_all:
                continue
            for before, text in ((statement.postgres, limited.postgres), (statement.sqlite, limited.sqlite)):
                names = guarded_names(before)
                assert all(f"{name} as not materialized (select" in text for name in names), (place, text)
                assert not names or "$99" in text, (place, text)


def test_what_changes_a_guarded_row_has_found_it() -> None:
    for place, statement in statements():
        target = re.search(r"\b(?:update|delete\s+from)\s+(\w+)", statement.postgres)
        if target is None or target[1] not in GUARDED or statement.sees_all:
            continue
        text = " ".join(statement.postgres.split())
        held = "{seen_project}" in statement.template
        assert held or BY_ID.search(text) or any(text.startswith(known) for known in WHOLE), (place, text)


def test_whatever_sees_everything_says_why() -> None:
    reasons = {statement.sees_all for _, statement in statements() if statement.sees_all}
    assert all(len(reason) > 15 for reason in reasons)
    assert len(reasons) >= 5


def test_a_statement_that_cannot_be_limited_is_noticed() -> None:
    for template in (
        "select id from issues where id = $1 {for_update}",
        "with recursive up (id) as (select id from issues where id = $1) select id from up",
    ):
        with pytest.raises(ValueError, match="limited"):
            limited_statement(sql(template), 2, by_list=False)


def test_only_the_limiting_itself_reaches_past_the_names_of_tables() -> None:
    """`main.issues` would be the table itself, whoever asks."""
    server = Path(sight.__file__).parent.parent
    for path in server.rglob("*.py"):
        if path.name != "sight.py":
            assert not re.search(rf"\b(?:main|public)\.(?:{'|'.join(GUARDED)})\b", path.read_text()), path


def test_who_sees_all_of_a_workspace_has_the_statements_as_they_are_written() -> None:
    assert not Sight().is_limited
    plain = Statement("select 1", "select 1")
    assert limited_statement(plain, 1, by_list=False) is plain
