"""Documents changed: versions, sections, notes, what is brought back, and writers at the same time."""

from typing import Any

import pytest

from tests.server.a_document import TEXT, changed, read, with_context, with_project, written
from tests.server.harness import Turbo
from turbo_server.activity.record import revise
from turbo_server.kit.context import Context


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    return with_project(turbo)


def test_a_change_of_text_or_title_is_kept_and_what_changes_nothing_counts_nothing(turbo: Turbo) -> None:
    written(turbo)
    assert changed(turbo, text=TEXT + "!", note="louder") == {
        "key": "TURBO-D1", "title": "Guide", "status": "draft", "version": 2, "characters": len(TEXT) + 1,
        "changed": [{"field": "text"}], "note": "kept with version 2",
    }  # fmt: skip
    assert changed(turbo, title="The guide")["version"] == 3
    assert changed(turbo, status="published")["version"] == 4
    same = changed(turbo, text=TEXT + "!", title="The guide")
    assert (same["version"], same["changed"]) == (4, [])
    versions = read(turbo, include="versions")["versions"]
    assert [(row["version"], row.get("title"), row.get("note")) for row in versions] == [
        (3, None, None), (2, "Guide", "louder"), (1, None, None),
    ]  # fmt: skip
    assert versions[1]["characters"] == len(TEXT) + 1
    assert (versions[0]["author"], versions[0]["machine"], versions[0]["session"]) == ("ada", "laptop", "session-1")


def test_a_version_says_who_wrote_it(turbo: Turbo) -> None:
    written(turbo)
    grace = turbo.person("grace", machine="desktop", session="s-2")
    grace.call("update_document", key="TURBO-D1", text="hers")
    newest = read(turbo, include="versions")["versions"][0]
    assert (newest["author"], newest["machine"], newest["session"]) == ("grace", "desktop", "s-2")
    assert read(turbo)["created_by"] == "ada"


def test_a_note_without_a_new_version_becomes_a_comment(turbo: Turbo) -> None:
    written(turbo)
    assert changed(turbo, status="published", note="reviewed")["note"] == "added as a comment"
    assert read(turbo, include="comments")["latest_comments"][0]["text"] == "reviewed"


def test_one_section_is_changed_and_every_other_byte_stays(turbo: Turbo) -> None:
    written(turbo)
    changed(turbo, section="Linux", text="## Linux\n\nnew")
    assert read(turbo)["text"] == TEXT.replace("- one", "new")
    assert read(turbo, version=1)["text"] == TEXT


def test_text_is_added_at_the_end_of_a_section_or_of_everything(turbo: Turbo) -> None:
    written(turbo, "# Log\n\n- one\n\n# Else\n")
    changed(turbo, section="Log", text="- two", append=True)
    assert read(turbo)["text"] == "# Log\n\n- one\n\n- two\n\n# Else\n"
    changed(turbo, text="end", append=True)
    assert read(turbo)["text"] == "# Log\n\n- one\n\n- two\n\n# Else\nend"


def test_a_replaced_section_that_lost_its_heading_is_mentioned(turbo: Turbo) -> None:
    written(turbo)
    assert "'Linux' is one no longer" in changed(turbo, section="Linux", text="just text")["warning"]
    assert "warning" not in changed(turbo, section="Use", text="# Use\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "nothing to change"),
        ({"version": 1}, "nothing to change"),
        ({"section": "Use"}, "`section` needs `text`"),
        ({"append": True, "title": "x"}, "`append` needs `text`"),
        ({"restore": 1, "text": "x"}, "`restore` brings back"),
        ({"section": "Linux", "text": "## Linux\n```\nopen"}, "where other sections begin or end"),
        ({"status": "archived"}, "`status` must be draft or published"),
        ({"restore": 0}, "`restore` must be at least 1"),
        ({"restore": 2**31}, "`restore` must be at most"),
        ({"text": "nul \x00"}, "NUL"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(turbo: Turbo, arguments: dict[str, Any], said: str) -> None:
    written(turbo)
    assert said in turbo.refused("update_document", key="TURBO-D1", **arguments).message
    assert read(turbo)["version"] == 1


def test_an_old_version_is_read_and_brought_back_as_a_new_one(turbo: Turbo) -> None:
    written(turbo)
    changed(turbo, text="second", title="Second")
    old = read(turbo, version=1)
    assert (old["text"], old["title"], old["version"], old["current_version"]) == (TEXT, "Guide", 1, 2)
    assert changed(turbo, restore=1, note="back")["version"] == 3
    now = read(turbo)
    assert (now["text"], now["title"], now["version"]) == (TEXT, "Guide", 3)
    assert changed(turbo, restore=3)["version"] == 3
    failure = turbo.refused("update_document", key="TURBO-D1", restore=9)
    assert (failure.status, failure.code) == (404, "version_not_found")
    assert "It has 1 to 3" in failure.hint
    assert turbo.refused("get_item", key="TURBO-D1", version=4).code == "version_not_found"


def test_a_stale_version_is_refused_with_the_current_one(turbo: Turbo) -> None:
    written(turbo)
    changed(turbo, text="second", version=1)
    failure = turbo.refused("update_document", key="TURBO-D1", text="lost", version=1)
    assert (failure.status, failure.code) == (412, "version_conflict")
    assert "is at version 2, not 1" in failure.message
    assert "include=diff, version=1" in failure.hint
    assert read(turbo)["text"] == "second"


def test_one_number_counts_all_changes_and_names_a_text_of_any_of_them(turbo: Turbo) -> None:
    """What changes the status alone keeps no copy of the text: it reads as it was at the version before."""
    written(turbo)
    changed(turbo, text="second")
    assert changed(turbo, status="published")["version"] == 3
    turbo.call("archive_item", key="TURBO-D1")
    assert turbo.call("restore_item", key="TURBO-D1")["version"] == 5
    assert changed(turbo, text="third", version=5)["version"] == 6
    assert [read(turbo, version=n)["text"] for n in range(1, 7)] == [TEXT, *["second"] * 4, "third"]
    assert [row["version"] for row in read(turbo, include="versions")["versions"]] == [6, 2, 1]
    assert read(turbo, include="diff")["diff"].splitlines()[0] == "--- TURBO-D1 version 2"
    assert changed(turbo, status="draft")["version"] == 7
    assert "+third" in read(turbo, include="diff")["diff"].splitlines(), "the last change of the text"
    assert changed(turbo, restore=4)["version"] == 8
    assert read(turbo)["text"] == "second"


def test_lines_appended_at_once_all_arrive_and_versions_have_no_gap(turbo: Turbo) -> None:
    written(turbo, "# Log\n")
    calls: list[tuple[str, dict[str, object]]] = [
        ("update_document", {"key": "TURBO-D1", "section": "Log", "text": f"- {n:02}\n", "append": True})
        for n in range(20)
    ]
    assert all(isinstance(outcome, dict) for outcome in turbo.together(calls))
    assert sorted(read(turbo)["text"].splitlines()[1:]) == [f"- {n:02}" for n in range(20)]
    versions = read(turbo, include="versions")["versions"]
    assert [row["version"] for row in versions] == list(range(21, 1, -1))
    assert len({len(read(turbo, version=n)["text"]) for n in range(1, 22)}) == 21


def test_a_document_put_together_over_the_limit_is_refused(turbo: Turbo) -> None:
    written(turbo, "x" * 256 * 1024)
    failure = turbo.refused("update_document", key="TURBO-D1", text="y", append=True)
    assert (failure.status, failure.code) == (409, "document_too_large")
    assert read(turbo)["version"] == 1


def test_a_change_is_undone_by_writing_the_state_back(turbo: Turbo) -> None:
    """What undo does: the text before makes a version of its own."""
    written(turbo)
    changed(turbo, text="second", title="Second", status="published")

    async def undo(context: Context) -> None:
        found = await context.find("TURBO-D1")
        before = {"text": TEXT, "title": "Guide", "status": "draft"}

        async def wanted(_now: dict[str, Any]) -> dict[str, Any]:
            return before

        await revise(context, found, wanted, "undone")

    with_context(turbo, undo)
    shown = read(turbo)
    assert (shown["text"], shown["title"], shown["status"], shown["version"]) == (TEXT, "Guide", "draft", 3)
