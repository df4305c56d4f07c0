"""A cursor is the caller's to change: whatever it then holds, it is refused or read, on both databases."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.catalogue import ENDPOINTS, Catalogue
from turbo_server.doors.openapi import openapi_document

PAGED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("list_issues", {"sort": sort}) for sort in ("updated", "created", "priority", "due", "key")),
    ("list_projects", {}),
    *(("list_items", {"kind": kind}) for kind in
      ("initiative", "milestone", "decision", "document", "label", "work_log", "mentor", "conversation")),
    ("search", {"query": "thing"}),
)  # fmt: skip
ODD: tuple[Any, ...] = (
    10**30, -(10**30), 2**63, 2**63 - 1, 2**31, 2**15, -1, 0, 1.5, None, True, [], {},
    "", "x", "\x00", "\ud800", "x" * 100_000, "infinity", "2026-02-30", "2026-01-01", "20260101", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "9999-12-31T23:59:59.999999+00:00",
)  # fmt: skip


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    for key in ("WEB", "API"):
        turbo.call("create_project", key=key, name="Things")
    for number in (1, 2):
        turbo.call("create_issue", project="WEB", title="A thing", due=f"2026-12-0{number}", labels=[f"l{number}"])
        for kind in ("initiative", "milestone"):
            turbo.call(f"create_{kind}", project="WEB", title="A thing")
        turbo.call("create_decision", title="A thing")
        turbo.call("create_document", project="WEB", title="A thing", text="x")
        turbo.call("log_work", text="A thing")
    for mentor in ("architect", "writing"):
        turbo.call("ask_mentor", mentor=mentor, question="A thing?")
    return turbo


def forged(cursor: str) -> Iterator[tuple[object, str]]:
    owner, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for place in range(len(values)):
        for odd in ODD:
            changed = json.dumps([owner, *values[:place], odd, *values[place + 1 :]])
            yield odd, base64.urlsafe_b64encode(changed.encode()).decode().rstrip("=")


def test_a_forged_cursor_is_refused_or_read(turbo: Turbo) -> None:
    for tool, arguments in PAGED:
        for odd, changed in forged(turbo.call(tool, **arguments, limit=1)["next_cursor"]):
            answer = turbo.ada.answer(tool, json.dumps({**arguments, "limit": 1, "cursor": changed}).encode())
            assert answer.status in (200, 422), (tool, arguments, odd, answer)


def test_a_forged_place_in_the_feed_is_refused_or_read(turbo: Turbo) -> None:
    (feed,) = [each.tool for each in ENDPOINTS if each.path == "/v1/events"]

    def read(**arguments: Any) -> Any:
        body = json.dumps(arguments).encode()
        return turbo.run(turbo.runner.answer_endpoint(feed, body, turbo.ada.token, turbo.ada.caller))

    described = openapi_document(Catalogue())["paths"]["/v1/events"]["get"]["responses"]
    seen = set()
    for odd, changed in forged(json.loads(read(limit=1).body)["next_cursor"]):
        answer = read(after=changed)
        seen.add(str(answer.status))
        assert answer.status in (200, 410, 422), (odd, answer)
    assert seen == {"200", "410", "422"}
    assert seen <= set(described)
