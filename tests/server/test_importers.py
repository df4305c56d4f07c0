"""What each of the other tools left behind becomes items with their own people, states and dates."""

from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.imports import Import, by_title, counts, item
from turbo_server.catalogue import Catalogue


def test_beads(turbo: Turbo, run_import: Import) -> None:
    _, printed, _ = run_import("beads", None, "--person", "gopher=ada")
    keys = by_title(turbo)
    bug = item(turbo, keys["Read the lines 漢字 🚀"])
    assert bug["description"].endswith(
        "Imported from beads hop-a1.1, created 2026-01-02 by gopher, closed 2026-01-05 (gh-9). There it relates hop-b2."
    )
    assert (bug["created_at"], bug["started_at"], bug["finished_at"]) == (
        "2026-01-02T09:00:00Z", "2026-01-04T08:00:00Z", "2026-01-05T12:00:00Z",
    )  # fmt: skip
    assert (bug["status"], bug["priority"], bug["assignee"]) == ("done", "urgent", "ada")
    assert bug["parent"]["key"] == keys["Ship the importer"]
    assert [comment["text"] for comment in bug["latest_comments"]] == [
        "gopher wrote on 2026-01-04 09:30 UTC:\n\nHalf of it works.",
        "ada wrote on 2026-01-05 11:00 UTC:\n\nAll of it now.",
        "ada wrote on 2026-01-05 12:00 UTC:\n\nClosed: Done in 3f2c1a",
    ]
    assert [comment["at"][:10] for comment in bug["latest_comments"]] == ["2026-01-04", "2026-01-05", "2026-01-05"]
    report = item(turbo, keys["Write the report"])
    assert {row["key"] for row in report["blocked_by"]} == {keys["Read the lines 漢字 🚀"], keys["Look into storage"]}
    assert report["assignee"] == "ada"
    assert "blocked_by" not in item(turbo, keys["Look into storage"])
    assert "blocked_by: hop-gone was not imported (hop-b2)" in printed
    assert "blocked_by: hop-b2 waits for it already: left out (hop-c3)" in printed
    assert "estimated_minutes: an estimate has no place (hop-a1.1)" in printed


def test_work_under_way_without_a_person_is_not_the_importers(turbo: Turbo, run_import: Import) -> None:
    _, printed, _ = run_import("beads")
    assert "assignee" not in item(turbo, by_title(turbo)["Write the report"])
    assert "assignee: there is nobody called gopher; --person 'gopher=NAME' says who it is (hop-b2)" in printed


def test_backlog(turbo: Turbo, run_import: Import) -> None:
    _, printed, _ = run_import("backlog")
    keys = by_title(turbo)
    door = item(turbo, keys["Build the door"])
    assert door["criteria"] == ["[x] It opens", "[ ] It closes 漢字"]
    assert (door["assignee"], door["due"]) == ("ada", "2026-03-31")
    hinges = item(turbo, next(key for title, key in keys.items() if title.startswith("Buy hinges")))
    assert hinges["parent"]["key"] == door["key"]
    assert item(turbo, keys["Draw it"])["finished_at"] == "2026-01-07T00:00:00Z"
    assert item(turbo, keys["Use a curtain"])["archived_at"] == "2026-01-08T00:00:00Z"
    # Each waits for the other in the files: one of the two stays.
    assert counts(turbo)["issue_blocks"] == 1
    assert "blocked_by: task-2 waits for it already: left out (task-1)" in printed
    assert "blocked_by: task-99 was not imported (task-1)" in printed


MORE = [
    ("milestone", "create_milestone", "TURBO-M1"),
    ("document", "create_document", "TURBO-D1"),
    ("decision", "create_decision", "DEC-1"),
]


@pytest.mark.parametrize(("kind", "tool", "key"), MORE)
def test_what_has_no_tool_is_named_and_comes_with_a_later_run(
    turbo: Turbo, run_import: Import, kind: str, tool: str, key: str
) -> None:
    _, printed, _ = run_import("backlog")
    if tool in Catalogue().tools:
        assert item(turbo, key)["kind"] == kind
    else:
        assert f"{kind}: needs {tool}, which this server does not have" in printed


def test_task_master(turbo: Turbo, run_import: Import) -> None:
    _, printed, _ = run_import("taskmaster")
    keys = by_title(turbo)
    answer = item(turbo, keys["Answer"])
    assert (answer["parent"]["key"], answer["blocked_by"][0]["key"]) == (keys["Serve it"], keys["Listen"])
    assert item(turbo, keys["Set up the store"])["finished_at"] == "2026-03-04T12:00:00Z"
    assert item(turbo, keys["Draw a screen"])["labels"] == ["mobile"]
    assert "blocked_by: mobile/2.1 was not imported (mobile/1)" in printed


def test_github(turbo: Turbo, run_import: Import) -> None:
    run_import("github", None, "--person", "octo=ada")
    keys = by_title(turbo)
    crash = item(turbo, keys["Crash on start 漢字"])
    assert (crash["assignee"], crash["type"], crash["priority"]) == ("ada", "bug", "high")
    assert crash["description"].startswith("It breaks.\r\n\r\n- [ ] find out why\r\n\n\nImported from github #12")
    assert crash["latest_comments"][1]["text"].startswith("Somebody wrote on 2026-02-03")
    assert item(turbo, keys["Dark mode"])["status"] == "cancelled"
    assert item(turbo, keys["Write the guide"])["created_at"] == "2026-01-10T10:00:00Z"
    # gh prints the newest first.
    in_order = [keys[title] for title in ("Write the guide", "Dark mode", "Crash on start 漢字")]
    assert in_order == ["TURBO-1", "TURBO-2", "TURBO-3"]


def test_what_is_archived_keeps_what_it_waited_for(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    """Nothing can be changed in what is archived: that comes last."""
    for folder, number, more in (("tasks", 1, ""), ("archive/tasks", 2, "dependencies: [TASK-1]\nparent: TASK-1\n")):
        (tmp_path / folder).mkdir(parents=True)
        text = f"---\nid: TASK-{number}\ntitle: Task {number}\nstatus: To Do\n{more}---\n"
        (tmp_path / folder / f"task-{number} - Task.md").write_text(text)
    status, _, said = run_import("backlog", tmp_path)
    assert status == 0, said
    archived = item(turbo, by_title(turbo)["Task 2"])
    assert archived["archived_at"]
    assert [row["title"] for row in archived["blocked_by"]] == ["Task 1"]
