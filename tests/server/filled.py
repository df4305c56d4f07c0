"""A database with something in every table that an export carries, and with every kind of text."""

from datetime import UTC, datetime
from typing import Any

from tests.server.harness import Turbo
from turbo_server.kit.database import Connection
from turbo_server.kit.records import Records
from turbo_server.kit.sql import sql
from turbo_server.migrations.schema import metadata

HARD_TEXT = (
    "  indented\n\ttab\r\nwindows line\rold mac \u2028 line separator \u2029 \x85 next line\n"
    "\"quoted\" 'single' back\\slash \\n not a break \\u0041 </script> %s {braces} $1\n"
    "控制字符\x01\x1f\x7f 漢字 カナ 한국어 🧑‍🚀👍🏽 é e\u0301"
    " \u202eright to left\u202c zero\u200bwidth \ufeff mark \U0010ffff"
    "\n\n"
)
NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
AUTHOR = {"machine": "laptop", "session": "session-1", "created_at": NOW}


def fill(turbo: Turbo) -> None:
    jonas = turbo.person("jonas")
    turbo.call("create_project", key="TURBO", name="Turbo 漢字", description=HARD_TEXT)
    turbo.call("create_project", key="OTHER", name="Other")
    turbo.call(
        "create_issue", project="TURBO", title="Parent to be", labels=["Küche", "ui"], criteria=["[x] 漢字", "[ ] b"]
    )
    turbo.call("create_issue", project="TURBO", title="Second", description=HARD_TEXT, blocked_by=["TURBO-1"])
    turbo.call("create_issue", project="OTHER", title="Third", assignee="jonas", due="2026-12-31", priority="urgent")
    turbo.call("update_issue", key="TURBO-1", parent="TURBO-2")  # points to a row that comes after it
    turbo.call("update_issue", key="TURBO-2", status="in_progress", handoff={"state": HARD_TEXT[:300]}, note=HARD_TEXT)
    turbo.call("update_issue", key="OTHER-1", status="done")
    first = turbo.call("add_comment", key="TURBO-2", text=HARD_TEXT)
    jonas.call("add_comment", key="TURBO-2", text="answer", reply_to=first["id"])
    turbo.call("log_work", text=HARD_TEXT, issue="TURBO-2", minutes=30, commit="abc", branch="main")
    turbo.call("log_work", text="nothing in particular")
    jonas.call("create_mentor", name="keeper", role="Keeper", instructions=HARD_TEXT, watches=HARD_TEXT, model="漢字")
    turbo.call("ask_mentor", mentor="keeper", question=HARD_TEXT, about="TURBO-2")
    jonas.call("record_answer", conversation="ASK-1", text=f"{HARD_TEXT} TURBO-2 TURBO-99", model="漢字")
    turbo.call("ask_mentor", mentor="architect", question="What is open?")
    for add in (_add_plans, _add_texts, _add_links, _add_answers, _set_what_no_tool_sets):
        turbo.run(turbo.with_database(add))


# What follows has no tool, or none that makes all that the table can hold.
NUMBERED = {
    "workspace_id": 1,
    "project_id": 1,
    "number": 1,
    "title": "漢字",
    "created_by": 1,
    "updated_at": NOW,
    **AUTHOR,
}


async def _add_plans(db: Connection) -> None:
    plan = {**NUMBERED, "description": HARD_TEXT, "owner_id": 2, "due": "2026-12-31"}
    await _insert(db, "initiatives", {**plan, "status": "active"})
    await _insert(db, "milestones", {**plan, "status": "open"})


async def _add_texts(db: Connection) -> None:
    texts = dict.fromkeys(("context", "outcome", "reason", "impact"), HARD_TEXT)
    decision = {**NUMBERED, **texts, "options": '[{"title":"漢字"}]', "status": "superseded", "decided_at": NOW}
    old = await _insert(db, "decisions", decision)
    new = await _insert(db, "decisions", {**decision, "project_id": None, "number": 2, "paths": '["src/**"]'})
    await Records(metadata.tables["decisions"]).update(db, old, {"superseded_by_id": new})
    text = {"text": HARD_TEXT, "characters": len(HARD_TEXT)}
    document = await _insert(db, "documents", {**NUMBERED, **text, "status": "draft", "version": 1})
    version = {"workspace_id": 1, "document_id": document, "version": 1, "title": "x", "author_id": 1, **text}
    await _insert(db, "document_versions", {**version, **AUTHOR, "note": "first"})


async def _add_links(db: Connection) -> None:
    ends = {"from_kind": "issue", "from_id": 1, "to_kind": "decision", "to_id": 2}
    await _insert(db, "relations", {"workspace_id": 1, "type": "implements", **ends, "created_by": 1, **AUTHOR})
    event = {
        "workspace_id": 1,
        "tx": 77,
        "action": "undone",
        "subject_kind": "issue",
        "subject_id": 1,
        "key": "TURBO-1",
    }
    await _insert(db, "events", {**event, "undoes_id": 1, "author_id": 1, **AUTHOR})
    origin = {"source": "beads", "kind": "issue", "origin": "bd-1", "subject_id": 1, "fingerprint": "f"}
    await _insert(db, "origins", {"workspace_id": 1, "project_id": 1, **origin, "created_at": NOW})


async def _add_answers(db: Connection) -> None:
    columns = "turn_id, workspace_id, account_id, model, micros, rounds, so_far, updated_at"
    used = f"insert into answers ({columns}) values (1, 1, 1, 'm', 12345, 2, $1, $2) returning turn_id"
    await db.fetch(sql(used), HARD_TEXT, NOW)
    place = {"workspace_id": 1, "conversation_id": 1, "turn_id": 1, "number": 1, "tool": "create_issue", "risk": "low"}
    decided = {"state": "accepted", "decided_by": 2, "decided_at": NOW, "outcome": "{}", "created_at": NOW}
    await _insert(db, "proposals", {**place, "arguments": '{"title":"漢字"}', "reason": HARD_TEXT, **decided})


async def _set_what_no_tool_sets(db: Connection) -> None:
    member = "insert into project_members (project_id, account_id, workspace_id, added_by, created_at)"
    await db.fetch(sql(f"{member} values (2, 1, 1, 2, $1) returning project_id"), NOW)
    issue = {"initiative_id": 1, "milestone_id": 1, "question": HARD_TEXT, "rank": "a0", "archived_at": NOW}
    await Records(metadata.tables["issues"]).update(db, 3, issue)
    counters = {"next_initiative": 2, "next_milestone": 2, "next_document": 2}
    await Records(metadata.tables["projects"]).update(db, 1, counters)
    await Records(metadata.tables["workspaces"]).update(db, 1, {"next_decision": 3})


async def _insert(db: Connection, table: str, values: dict[str, Any]) -> int:
    return await Records(metadata.tables[table]).insert(db, values)
