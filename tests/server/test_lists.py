"""list_issues and list_projects: filters that combine, orders, pages that neither repeat nor skip."""

from itertools import pairwise

import pytest

from tests.server.harness import Turbo


@pytest.fixture
def filled(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="API", name="Api")
    turbo.call("create_project", key="WEB", name="Web")
    for number in range(1, 25):
        turbo.call(
            "create_issue",
            project="API" if number % 3 else "WEB",
            title=f"Issue {number} " + ("Ünïcode" if number % 4 == 0 else "plain"),
            description="needle_100%" if number % 5 == 0 else "hay",
            type=("task", "bug")[number % 2],
            status=("backlog", "ready", "in_progress", "done")[number % 4],
            priority=("urgent", "high", "medium", "low", "none")[number % 5],
            assignee="me" if number % 2 else "none",
            due=f"2026-12-{number:02}" if number % 3 else None,
            labels=["even"] if number % 2 == 0 else ["odd", "Big"],
        )
    return turbo


def keys(turbo: Turbo, **filters: object) -> list[str]:
    result = turbo.call("list_issues", limit=100, **filters)
    assert result["total"] == len(result["items"])
    return [row["key"] for row in result["items"]]


def test_filters_combine(filled: Turbo) -> None:
    everything = filled.call("list_issues", limit=100)["items"]
    expected = [
        row["key"]
        for row in everything
        if row["status"] in ("backlog", "ready", "in_progress")
        and row["type"] == "bug"
        and row.get("assignee") == "ada"
        and "odd" in row["labels"]
    ]
    assert expected
    assert keys(filled, status="open", type=["bug"], assignee="me", label="ODD") == expected


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 24),
        ({"project": "web"}, 8),
        ({"status": "closed"}, 6),
        ({"status": ["ready", "done"]}, 12),
        ({"status": '["ready", "done"]'}, 12),
        ({"priority": "urgent,high"}, 9),
        ({"assignee": "none"}, 12),
        ({"label": ["odd", "big"]}, 12),
        ({"label": ["odd", "even"]}, 0),
        ({"due_after": "2026-12-10", "due_before": "2026-12-20"}, 8),
        ({"text": "NEEDLE_100%"}, 4),
        ({"text": "needle_1"}, 4),
        ({"text": "needlex1"}, 0),
        ({"text": "ünïCODE"}, 6),
        ({"blocked": "false"}, 24),
        ({"text": "x" * 100_000}, 0),
    ],
)
def test_each_filter_finds_its_issues(filled: Turbo, filters: dict[str, object], count: int) -> None:
    assert len(keys(filled, **filters)) == count


@pytest.mark.parametrize("sort", ["updated", "created", "priority", "due", "key"])
def test_pages_in_every_order_hold_each_issue_once(filled: Turbo, sort: str) -> None:
    whole = keys(filled, sort=sort)
    paged: list[str] = []
    cursor: str | None = None
    while True:
        page = filled.call("list_issues", sort=sort, limit=5, cursor=cursor)
        assert page["total"] == 24
        paged += [row["key"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == whole
    assert len(set(paged)) == 24


def test_orders_are_what_they_say(filled: Turbo) -> None:
    def column(sort: str, name: str) -> list[str]:
        return [row.get(name, "9999") for row in filled.call("list_issues", sort=sort, limit=100)["items"]]

    assert all(left <= right for left, right in pairwise(column("due", "due")))
    assert all(left >= right for left, right in pairwise(column("updated", "updated_at")))
    ranks = [("urgent", "high", "medium", "low", "none").index(name) for name in column("priority", "priority")]
    assert ranks == sorted(ranks)
    assert column("key", "key")[:3] == ["API-1", "API-2", "API-3"]


def test_a_cursor_is_refused_by_another_list(filled: Turbo) -> None:
    cursor = filled.call("list_issues", limit=2)["next_cursor"]
    for filters in ({"project": "API"}, {"sort": "due"}, {"status": "done"}):
        assert filled.refused("list_issues", cursor=cursor, **filters).code == "invalid_cursor"
    for broken in ("x", cursor[:-3], "W10", "bnVsbA", "!!!!", "é"):
        assert filled.refused("list_issues", cursor=broken).code == "invalid_cursor"


def test_a_row_is_at_most_350_bytes_whatever_is_in_it(turbo: Turbo) -> None:
    turbo.call("create_project", key="ABCDEFGHIJ", name="n")
    hard = ['"' * 300, "\\" * 300, "漢" * 300, "😀" * 300, "x" * 300, "\x01" * 300]
    for title in hard:
        turbo.person("漢" * 80).call(
            "create_issue", project="ABCDEFGHIJ", title=title, type="discovery", status="in_progress",
            priority="medium", assignee="me", due="2026-12-31", labels=[f"{n:02}" + "漢" * 48 for n in range(20)],
            blocked_by=["ABCDEFGHIJ-1"] if title != hard[0] else [],
        )  # fmt: skip
    answer = turbo.ada.answer("list_issues", b"{}").body
    rows = answer.split(b'{"key":')[1:]
    assert len(rows) == 6
    assert max(len(row) + len(b'{"key":') for row in rows) <= 350 + len(b',],"total":6,"next_cursor":null}')


def test_projects_page_and_count(filled: Turbo) -> None:
    first = filled.call("list_projects", limit=1)
    assert [(row["key"], row["open"], row["done"]) for row in first["items"]] == [("API", 12, 4)]
    second = filled.call("list_projects", limit=1, cursor=first["next_cursor"])
    assert [row["key"] for row in second["items"]] == ["WEB"]
    assert (second["total"], second["next_cursor"]) == (2, None)
