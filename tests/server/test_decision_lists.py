"""Lists of decisions, and finding those that govern a path."""

import json
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.kit.kind import PageRequest


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")


def decided(turbo: Turbo, *titles: str, **fields: object) -> None:
    for title in titles:
        turbo.call("create_decision", title=title, outcome=title, status="accepted", **fields)


def page(turbo: Turbo, project: str | None = None, **asked: Any) -> dict[str, Any]:
    """What a list of decisions answers."""

    async def read(db: Connection) -> dict[str, Any]:
        runner, now = turbo.runner, turbo.runner.clock()
        actor = await runner.authenticator.actor(db, turbo.ada.token, turbo.ada.caller, now)
        context = Context(db, actor, now, now.date(), turbo.ada.caller.utc_offset, None, runner.kinds)
        project_id = (await context.find(project)).id if project else None
        plain = {"status": (), "text": None, "path": None, "limit": 20, "cursor": None}
        read_page = runner.kinds["decision"].page
        assert read_page is not None
        found = await read_page(context, PageRequest(**{"project_id": project_id, **plain, **asked}))
        return {"items": found.items, "total": found.total, "next_cursor": found.next_cursor}

    return turbo.run(turbo.with_database(read))


def keys(turbo: Turbo, **asked: Any) -> list[str]:
    return [row["key"] for row in page(turbo, **asked)["items"]]


def refused_page(turbo: Turbo, **asked: Any) -> Any:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its words are what the tests look at
        page(turbo, **asked)
    return caught.value


def test_a_list_filters_by_project_status_and_text_and_turns_pages(turbo: Turbo) -> None:
    turbo.call("create_decision", title="Log in JSON", context="grep is hard")
    decided(turbo, "Use ruff", project="TURBO")
    decided(turbo, "Use uv")
    turbo.call("update_decision", key="DEC-2", superseded_by="DEC-3")
    assert keys(turbo) == ["DEC-2", "DEC-3", "DEC-1"]
    assert keys(turbo, project="TURBO") == ["DEC-2"]
    assert keys(turbo, status=("proposed", "accepted")) == ["DEC-3", "DEC-1"]
    assert keys(turbo, text="GREP") == ["DEC-1"]
    assert keys(turbo, status=("archived",)) == []
    first = page(turbo, limit=2)
    assert (first["total"], [row["key"] for row in first["items"]]) == (3, ["DEC-2", "DEC-3"])
    assert keys(turbo, limit=2, cursor=first["next_cursor"]) == ["DEC-1"]
    assert "A decision is never done" in str(refused_page(turbo, status=("done",)))


def test_a_row_is_short_whatever_the_decision_holds(turbo: Turbo) -> None:
    turbo.call("create_project", key="ABCDEFGHIJ", name="x")
    for text in ('"\\' * 150, "漢" * 300):
        decided(turbo, text, project="ABCDEFGHIJ", paths=["ä" * 200])
        row = page(turbo, path="ä" * 200)["items"][0]
        assert len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) <= 350
    turbo.call("update_decision", key="DEC-1", superseded_by="DEC-2")
    row = page(turbo, path="ä" * 200, status=("superseded",))["items"][0]
    assert len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) <= 350


def test_the_decisions_that_govern_a_path_are_found(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    decided(turbo, "SQL in stores only", project="TURBO", paths=["docs/adr", "server/**/store.py"])
    decided(turbo, "Pages in React", project="WEB", paths="*.tsx, server/web/**")
    decided(turbo, "Write plain English", paths="*.md, store.py")
    decided(turbo, "Bound to no path")
    turbo.call("create_decision", title="Not decided", paths=["**"])
    rows = page(turbo, path="./server/issue/store.py")["items"]
    assert [(row["key"], row["glob"]) for row in rows] == [("DEC-3", "store.py"), ("DEC-1", "server/**/store.py")]
    assert keys(turbo, path="server\\web\\store.py") == ["DEC-3", "DEC-2", "DEC-1"]
    assert keys(turbo, path="server/web/store.py", project="WEB") == ["DEC-3", "DEC-2"]
    assert keys(turbo, path="server/web/store.py", project="TURBO", text="sql") == ["DEC-1"]
    assert keys(turbo, path="x", status=("proposed",)) == ["DEC-5"]
    assert page(turbo, path="nothing/here") == {"items": [], "total": 0, "next_cursor": None}


def test_a_superseded_decision_governs_nothing_any_more(turbo: Turbo) -> None:
    decided(turbo, "old", "new", paths=["a/**"])
    turbo.call("update_decision", key="DEC-1", superseded_by="DEC-2")
    assert keys(turbo, path="a/b.py") == ["DEC-2"]


@pytest.mark.parametrize("path", ["/etc/passwd", "C:\\x\\y", "../x", "a/../../b", "", "."])
def test_a_path_that_is_not_in_the_repository_is_refused_in_words(turbo: Turbo, path: str) -> None:
    failure = refused_page(turbo, path=path)
    assert failure.code == "invalid_arguments"
    assert failure.message.startswith("`path` ")
    assert "from the repository's root" in failure.message


def test_a_lookup_turns_pages_and_takes_two_statements_more_than_none(turbo: Turbo) -> None:
    decided(turbo, *(f"n {number}" for number in range(7)), paths=["src"])
    first = page(turbo, path="src/a", limit=3)
    second = page(turbo, path="src/a", limit=3, cursor=first["next_cursor"])
    third = page(turbo, path="src/a", limit=3, cursor=second["next_cursor"])
    shown = [row["key"] for part in (first, second, third) for row in part["items"]]
    assert shown == [f"DEC-{number}" for number in range(7, 0, -1)]
    assert (first["total"], third["next_cursor"]) == (7, None)
    with turbo.counting() as statements:
        page(turbo, path="src/a")
    assert len(statements) == 4  # who asks, the globs, the total, the rows
