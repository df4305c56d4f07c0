"""GET /v1/events: in order, every event once, whoever writes at the same time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.server.events import ids, read, refused
from tests.server.harness import Turbo
from turbo_server.account import store
from turbo_server.account.identity import Identity
from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first")


def test_pages_follow_each_other_and_end_where_new_ones_begin(turbo: Turbo) -> None:
    for number in range(7):
        turbo.call("add_comment", key="TURBO-1", text=str(number))
    seen, cursor, more = [], None, True
    while more:
        page = read(turbo, limit=3, **({"after": cursor} if cursor else {}))
        seen += ids(page)
        cursor, more = page["next_cursor"], page["more"]
    assert seen == list(range(1, 10))
    assert read(turbo, after=cursor) == {"items": [], "next_cursor": cursor, "more": False}
    turbo.call("add_comment", key="TURBO-1", text="new")
    assert ids(read(turbo, after=cursor)) == [10]


def test_latest_is_now(turbo: Turbo) -> None:
    page = read(turbo, after="latest")
    assert page["items"] == []
    turbo.call("add_comment", key="TURBO-1", text="new")
    assert ids(read(turbo, after=page["next_cursor"])) == [3]


def test_latest_of_nothing_is_the_beginning(new_database: Any) -> None:
    with Turbo(new_database()) as empty:
        cursor = read(empty, after="latest")["next_cursor"]
        assert read(empty)["items"] == []
        empty.call("create_project", key="NEW", name="x")
        assert ids(read(empty, after=cursor)) == [1]


def test_recent_begins_two_hundred_events_before_the_end(turbo: Turbo) -> None:
    assert ids(read(turbo, after="recent")) == [1, 2]
    for number in range(201):
        turbo.call("add_comment", key="TURBO-1", text=str(number))
    first = read(turbo, after="recent", limit=100)
    assert ids(first) == list(range(4, 104))
    assert ids(read(turbo, after=first["next_cursor"], limit=100)) == list(range(104, 204))


def test_filters_combine(turbo: Turbo) -> None:
    grace = turbo.person("grace", machine="desk", session="session-2")
    turbo.call("create_project", key="WEB", name="Web")
    grace.call("update_issue", key="TURBO-1", title="second")
    grace.call("create_issue", project="WEB", title="x")
    grace.call("log_work", text="x")
    assert ids(read(turbo, project="web")) == [3, 5]
    assert ids(read(turbo, key="turbo-1")) == [2, 4]
    assert ids(read(turbo, kind="project")) == [1, 3]
    assert ids(read(turbo, kind="work_log")) == [6]
    assert ids(read(turbo, person="Grace")) == [4, 5, 6]
    assert ids(read(turbo, person="me")) == [1, 2, 3]
    assert ids(read(turbo, machine="desk", kind="issue")) == [4, 5]
    assert ids(read(turbo, session="session-1", project="WEB")) == [3]
    assert ids(read(turbo, session="session-3")) == []


def test_a_filtered_reader_passes_what_is_not_its_own(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    page = read(turbo, project="TURBO")
    assert read(turbo, after=page["next_cursor"]) == {"items": [], "next_cursor": page["next_cursor"], "more": False}


def test_values_are_whole_and_a_page_has_a_size(turbo: Turbo) -> None:
    text = "x" * 200_000
    for _ in range(3):
        turbo.call("update_issue", key="TURBO-1", description=text)
        turbo.call("update_issue", key="TURBO-1", description="y" * 200_000)
    first = read(turbo)
    assert first["more"]
    assert first["items"][2]["changes"] == [{"field": "description", "before": "", "after": text}]
    pages = [first]
    while pages[-1]["more"]:
        pages.append(read(turbo, after=pages[-1]["next_cursor"]))
    assert len(pages) > 2
    assert [event for page in pages for event in ids(page)] == list(range(1, 9))


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"limit": 0}, 422, "at least 1"),
        ({"limit": "many"}, 422, "whole number"),
        ({"project": "TURB"}, 404, "Did you mean TURBO?"),
        ({"key": "TURBO-9"}, 404, "TURBO-1"),
        ({"key": "?"}, 422, "not a key"),
        ({"person": "adda"}, 404, "ada"),
        ({"kind": "isue"}, 422, "Did you mean issue?"),
        ({"sesion": "x"}, 422, "did you mean session?"),
        ({"after": "broken"}, 422, "cursor"),
        ({"after": "漢字"}, 422, "cursor"),
        ({"after": "x" * 5_000}, 422, "over 300"),
    ],
)
def test_a_wrong_query_is_refused_with_what_would_work(turbo: Turbo, query: Any, status: int, said: str) -> None:
    failure = refused(turbo, **query)
    assert failure.status == status
    assert said in f"{failure.message} {failure.hint}"


def test_another_workspace_sees_nothing(turbo: Turbo) -> None:
    stranger = turbo.run(turbo.with_database(_another_workspace))
    other = replace(turbo.ada, token=stranger)
    assert read(other)["items"] == []
    other.call("create_project", key="TURBO", name="theirs")
    assert [event["id"] for event in read(other)["items"]] == [3]
    assert refused(other, after=read(turbo)["next_cursor"]).code == "invalid_cursor"
    assert other.refused("undo", event=1).code == "event_not_found"
    assert other.refused("undo", event=2, confirm=True).code == "event_not_found"
    assert turbo.call("get_item", key="TURBO-1")["title"] == "first"


async def _another_workspace(db: Connection) -> str:
    """A key for somebody whose people, projects and events are all their own."""
    now = datetime.now(UTC)
    workspace = await store.ensure_workspace(db, "elsewhere", now)
    account = await store.ensure_account(db, workspace, "mallory", now)
    made = await Identity().create_key(db, "somebody", "x")
    move = sql("update api_keys set workspace_id = $1, account_id = $2 where id = $3 returning id")
    await db.fetch(move, workspace, account, made.id)
    return made.token


def test_the_address_takes_its_arguments_as_a_query(turbo: Turbo) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(turbo.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://turbo.test") as client:
            headers = {"Authorization": f"Bearer {turbo.ada.token}"}
            return await client.get("/v1/events", params={"limit": 1, "kind": "issue"}, headers=headers)

    answer = turbo.run(ask())
    assert answer.status_code == 200
    assert [event["key"] for event in answer.json()["items"]] == ["TURBO-1"]
    assert answer.headers["Cache-Control"] == "no-store"
