"""The error codes of the server, each with an answer that carries it: provoked, or built where only a defect would."""

from dataclasses import replace
from datetime import UTC, date, datetime

from docs.generators.example_server import ExampleServer
from docs.generators.incomplete import Incomplete, require_same
from docs.generators.source import SERVER, error_codes
from docs.generators.story import Call
from turbo_server.account.key_types import KeyOver, KeyReplaced, KeyTooLasting, TooManyKeys
from turbo_server.account.session_types import KeyNeeded, SessionNotFound
from turbo_server.account.sessions import LinkRefused, SessionEnded, SignedInAlready
from turbo_server.account.tools import PersonGone
from turbo_server.cli.workspaces import WorkspaceNotFound, WorkspaceUnclear
from turbo_server.doors.nginx import ApiAway, MalformedRequest
from turbo_server.doors.own_page import ForeignOrigin, InsecureOrigin, JsonOnly, MixedCredentials
from turbo_server.kit.answer import render
from turbo_server.kit.database_errors import (
    CallTooLong,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseNotMigrated,
    DatabaseReadOnly,
    DatabaseRefused,
    DatabaseTooNew,
    DatabaseUnavailable,
    OutcomeUnknown,
    ServerBusy,
)
from turbo_server.kit.errors import InternalError, KeyExpired, RoleMissing, TooSlow, TurboError
from turbo_server.kit.idempotency import IdempotencyKeyInUse
from turbo_server.kit.limits import TooManyBadKeys, TooManyCalls, TooManyCreations
from turbo_server.kit.paging import Position, fingerprint, write_cursor
from turbo_server.mentor.answering.budget import BudgetUsedUp
from turbo_server.mentor.answering.types import ProposalDecided, ProposalNotFound
from turbo_server.view.types import NotYourView, TooManyViews
from turbo_server.webhook.types import TooManyWebhooks

TABLE = "docs/generators/errors.py"
BEFORE: tuple[Call, ...] = (
    ("create_project", {"key": "SHOP", "name": "Shop"}),
    ("create_issue", {"project": "SHOP", "title": "Pay by invoice"}),
    ("create_issue", {"project": "SHOP", "title": "Pay by card", "status": "done"}),
    ("create_decision", {"title": "Sessions in a file", "status": "rejected"}),
    ("create_decision", {"title": "Sessions in the database"}),
    ("link_items", {"from": "DEC-2", "type": "implements", "to": "SHOP"}),
    ("create_milestone", {"project": "SHOP", "title": "Opening"}),
    ("create_document", {"project": "WEB", "title": "Guide", "text": "# Setup\n\n# Use\n\n## Setup\n"}),
    ("create_project", {"key": "OLD", "name": "Old shop"}),
    ("archive_item", {"key": "OLD"}),
    ("ask_mentor", {"mentor": "architect", "question": "Why?"}),
    ("next_issue", {"key": "SHOP-1", "claim": True}),
)
TOOL_CALLS: tuple[Call, ...] = (
    ("next_issue", {"key": "SHOP-1", "claim": True}),  # first: the clock goes on, and a claim lapses
    ("create_project", {"key": "DEC", "name": "Decisions"}),
    ("create_issue", {"project": "WBE", "title": "Fix the login"}),
    ("create_project", {"key": "WEB", "name": "Another shop"}),
    ("get_item", {"key": "WEB-7"}),
    ("create_issue", {"project": "WEB", "title": "Fix the login", "assignee": "adda"}),
    ("update_issue", {"key": "WEB-1", "blocked_by": ["WEB-1"]}),
    ("update_issue", {"key": "WEB-1", "parent": "WEB-1"}),
    ("log_work", {"text": "Done.", "issue": "WEB-1", "project": "SHOP"}),
    ("add_comment", {"key": "WEB-1", "text": "Yes.", "reply_to": 99}),
    ("create_decision", {"title": "Where sessions live", "status": "accepted"}),
    ("get_item", {"key": "DEC-9"}),
    ("update_decision", {"key": "DEC-1", "status": "accepted"}),
    ("update_decision", {"key": "DEC-1", "status": "proposed"}),
    ("update_decision", {"key": "DEC-2", "superseded_by": "DEC-2"}),
    ("link_items", {"from": "SHOP", "type": "implements", "to": "DEC-2"}),
    ("get_item", {"key": "WEB-I7"}),
    ("ask_mentor", {"mentor": "architekt", "question": "Why?"}),
    ("ask_mentor", {"conversation": "ASK-7", "question": "Why?"}),
    ("record_answer", {"conversation": "ASK-1", "text": "Because.", "turn": 3}),
    ("update_milestone", {"key": "WEB-M7", "status": "closed"}),
    ("create_issue", {"project": "WEB", "title": "Fix the login", "milestone": "SHOP-M1"}),
    ("create_issue", {"project": "OLD", "title": "Fix the login"}),
    ("undo", {"event": 1, "confirm": True}),
    ("undo", {"event": 99}),
    ("undo", {"session": "6f1c"}),
    ("list_issues", {"cursor": "abc"}),
    ("get_item", {"key": "WEB-D7"}),
    ("get_item", {"key": "WEB-D1", "version": 7}),
    ("get_item", {"key": "WEB-D1", "section": "Stup"}),
    ("update_document", {"key": "WEB-D1", "text": "Other rules.", "version": 4}),
    ("update_document", {"key": "WEB-D1", "section": "Setup", "text": "x"}),
    ("update_document", {"key": "WEB-D1", "text": "x" * 256 * 1024, "append": True}),
    ("update_issue", {"key": "SHOP-1", "place": "before SHOP-2"}),
    ("next_issue", {"key": "SHOP-2", "claim": True}),
    ("create_issue", {"project": "WEB", "titel": "Fix the login"}),
    ("create_isue", {}),
)
VIEW = b'{"name": "Mine", "page": "issues"}'
VIEW_OF_TWO = b'{"name": "x", "page": "issues", "query": "project=WEB&text=SHOP-1", "shared": true}'
COMMENT = b'{"key": "SHOP-1", "text": "Yes."}'
# What only a defect, a slow database, two calls at once, a loop, other people, or months bring about.
ONLY_BY_DEFECT: tuple[TurboError, ...] = (
    InternalError("66f1c2a900000017"), TooManyCalls(120, 1), TooManyCreations(500, 12, 274), TooManyBadKeys(3),
    DatabaseUnavailable(), DatabaseBusy(), DatabaseNotMigrated("0000", "0001"),
    DatabaseTooNew("0003", "0001", "0002"), IdempotencyKeyInUse(),
    KeyExpired(date(2026, 3, 2)), KeyReplaced(), KeyTooLasting("build server"), KeyOver("build server"), TooManyKeys(),
    TooManyWebhooks(), TooManyViews(), NotYourView("Mine", "vera"),
    RoleMissing("create_issue", "vera", "viewer", "write"),
    PersonGone("jonas", ["ada", "vera"]), WorkspaceNotFound("persnal", ["elsewhere", "personal"]),
    WorkspaceUnclear(["elsewhere", "personal"]),
    ServerBusy(), CallTooLong(), OutcomeUnknown(), DatabaseFull(), DatabaseReadOnly(), DatabaseDamaged(),
    DatabaseRefused(), TooSlow(),
    SessionEnded(), LinkRefused(), SignedInAlready("ada"), SessionNotFound(7), KeyNeeded(),
    ApiAway(), MalformedRequest(), MixedCredentials(), ForeignOrigin(), JsonOnly(), InsecureOrigin(),
    BudgetUsedUp("What ada asks mentors", 5_000_000, 4_930_000, 180_000, datetime(2026, 3, 2, 17, 30, tzinfo=UTC)),
    ProposalNotFound("ASK-3", 4, [1, 2]),
    ProposalDecided("ASK-3", {"number": 1, "decided_by": "ada", "tool": "create_issue"}, "rejected"),
)  # fmt: skip


def error_rows(server: ExampleServer) -> list[list[str]]:
    """Raises Incomplete for a code in the server's source that nothing here brings about."""
    rows = {code: [f"`{code}`", status, said] for code, status, said in [*_provoked(server), *_built()]}
    require_same(error_codes(SERVER), set(rows) | {"error"}, "error code", TABLE)
    return [rows[code] for code in sorted(rows, key=lambda code: (rows[code][1], code))]


def _provoked(server: ExampleServer) -> list[tuple[str, str, str]]:
    for tool, arguments in BEFORE:
        server.call(tool, arguments).raise_for_status()
    server.request("POST", "/v1/tools/add_comment", body=COMMENT, key="done").raise_for_status()
    server.request("POST", "/v1/views", body=VIEW).raise_for_status()
    made = server.request("POST", "/v1/keys", body=b'{"scope": "read"}').raise_for_status()
    reader = replace(server, key=made.json()["key"])
    elsewhere = write_cursor(Position(0, (0, 99, "2026-03-02T09:00:00.000000+00:00")), fingerprint("events", 1))
    answers = [server.call(tool, arguments) for tool, arguments in TOOL_CALLS]
    answers += [
        server.request("GET", "/v1/me", with_key=False),
        server.request("GET", "/v1/tools?toolsets=cor"),
        server.request("DELETE", "/v1/keys", body=b'{"id": 99}'),
        reader.call("create_issue", {"project": "WEB", "title": "Fix the login"}),
        reader.request("POST", "/v1/keys", body=b'{"scope": "admin"}'),
        reader.request("GET", "/v1/keys?everyone=true"),
        server.request("POST", "/v1/imports", body=b'{"name": "issues.csv", "content": "Y29sb3VyCg=="}'),
        server.request("GET", "/v1/nothing"),
        server.request("POST", "/v1/webhooks", body=b'{"url": "http://example.com/"}'),
        server.request("DELETE", "/v1/webhooks", body=b'{"id": 99}'),
        server.request("DELETE", "/v1/people", body=b'{"name": "me"}'),
        server.request("POST", "/v1/invitations", body=b'{"name": "ada"}'),
        server.request("POST", "/v1/join", body=b'{"key": "turbo_pat_"}', with_key=False),
        server.call("log_work", {"text": f"Logged in with {server.key}."}),
        server.request("DELETE", "/v1/tools"),
        server.request("POST", "/v1/queue", body=b'{"key": "WEB-1", "after": "SHOP-2"}'),
        server.request("POST", "/v1/views", body=VIEW),
        server.request("DELETE", "/v1/views", body=b'{"id": 99}'),
        server.request("POST", "/v1/views", body=VIEW_OF_TWO),
        server.request("GET", f"/v1/events?after={elsewhere}"),
        server.request("POST", "/v1/tools/create_issue", body=b" " * 1_100_000),
        server.request("POST", "/v1/tools/add_comment", body=COMMENT, key="no key"),
        server.request("POST", "/v1/tools/add_comment", body=COMMENT.replace(b"Yes", b"No"), key="done"),
    ]
    fine = [answer.text for answer in answers if answer.status_code < 400]
    if fine:
        raise Incomplete(f"{TABLE}: these calls were meant to fail and did not: {fine}")
    return [_told(answer.status_code, answer.json()["error"]) for answer in answers]


def _built() -> list[tuple[str, str, str]]:
    return [_told(render(error).status, error.as_envelope()["error"]) for error in ONLY_BY_DEFECT]


def _told(status: int, error: dict[str, str]) -> tuple[str, str, str]:
    return error["code"], str(status), f"{error['message']} {error['hint']}".strip()
