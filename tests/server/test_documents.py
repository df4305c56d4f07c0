"""Documents through the tools: written, read by parts, changed, brought back."""

import json
from typing import Any

import pytest

from tests.server.harness import ToolFailed, Turbo
from turbo_server.activity.record import revise
from turbo_server.catalogue import KINDS
from turbo_server.kit.context import Caller, Context, today_of
from turbo_server.kit.kind import Page, PageRequest

TEXT = "intro\r\n\r\n# Setup\n\n    code\t\n\n## Linux\n\n- one\n\n# Use\nlast 👩‍💻"


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="an issue")
    return turbo


def written(turbo: Turbo, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return turbo.call("create_document", project="TURBO", title="Guide", text=text, **more)


def changed(turbo: Turbo, **more: Any) -> dict[str, Any]:
    return turbo.call("update_document", key="TURBO-D1", **more)


def read(turbo: Turbo, **more: Any) -> dict[str, Any]:
    return turbo.call("get_item", key="TURBO-D1", **more)


def with_context(turbo: Turbo, work: Any) -> Any:
    """Runs what a verb would, in a transaction of its own."""

    async def run(db: Any) -> Any:
        now, caller = turbo.runner.clock(), Caller()
        actor = await turbo.runner.authenticator.actor(db, turbo.ada.token, caller, now)
        async with db.transaction():
            context = Context(db, actor, now, today_of(caller, now), caller.utc_offset, None, KINDS)
            return await work(context)

    return turbo.run(turbo.with_database(run))


def test_a_document_is_kept_byte_for_byte(turbo: Turbo) -> None:
    assert written(turbo) == {
        "key": "TURBO-D1", "title": "Guide", "status": "draft", "version": 1, "characters": len(TEXT), "created": True,
    }  # fmt: skip
    shown = read(turbo)
    assert shown["text"] == TEXT
    assert (shown["kind"], shown["project"], shown["created_by"], shown["machine"]) == (
        "document", "TURBO", "ada", "laptop",
    )  # fmt: skip
    assert "description" not in shown


def test_documents_are_numbered_by_their_project_and_a_refused_one_leaves_no_gap(turbo: Turbo) -> None:
    written(turbo)
    turbo.refused("create_document", project="TURBO", title="no text")
    assert written(turbo)["key"] == "TURBO-D2"
    assert turbo.refused("create_document", project="TURBP", title="x", text="y").code == "project_not_found"


def test_a_document_may_be_empty_and_begin_published(turbo: Turbo) -> None:
    assert written(turbo, "", status="Published")["status"] == "published"
    assert read(turbo)["characters"] == 0


def test_a_document_that_is_not_there_names_the_nearest(turbo: Turbo) -> None:
    written(turbo)
    failure = turbo.refused("update_document", key="turbo-d9", title="x")
    assert (failure.code, failure.message) == ("document_not_found", "There is no document TURBO-D9.")
    assert "up to TURBO-D1. Nearest: TURBO-D1." in failure.hint
    assert turbo.refused("get_item", key="NOPE-D1").code == "project_not_found"


def test_a_file_that_no_client_has_read_is_refused_in_a_sentence(turbo: Turbo) -> None:
    for given in ({"file": "notes.md"}, {"file": "notes.md", "text": "x"}):
        failure = turbo.refused("create_document", project="TURBO", title="x", **given)
        assert (failure.status, failure.code) == (422, "invalid_arguments")
        assert "`file` is read by turbo-client" in failure.message
        assert "Send the file's content as text" in failure.hint


@pytest.mark.parametrize("size", [12_000, 12_001, 40_000, 256 * 1024])
def test_a_long_text_is_read_on_by_offset_to_the_last_byte(turbo: Turbo, size: int) -> None:
    text = ('line \\ "quoted" \r\n' * (size // 16 + 1))[:size]
    written(turbo, text)
    shown, offset = "", 0
    while len(shown) < size:
        page = read(turbo, offset=offset)
        assert len(json.dumps(page, ensure_ascii=False, separators=(",", ":"))) <= 20_000
        shown += page["text"]
        if len(shown) < size:
            offset = page["text_cut"]["shown_to"]
            assert page["text_cut"]["next"] == f"get_item(key=TURBO-D1, offset={offset})"
    assert shown == text


def test_one_section_is_read_with_its_parts(turbo: Turbo) -> None:
    written(turbo)
    shown = read(turbo, section="setup")
    assert (shown["section"], shown["text"]) == ("1 Setup", "# Setup\n\n    code\t\n\n## Linux\n\n- one\n\n")
    assert read(turbo, section="1.1")["text"] == "## Linux\n\n- one\n\n"
    assert read(turbo, section="0")["text"] == "intro\r\n\r\n"
    failure = turbo.refused("get_item", key="TURBO-D1", section="Setpu")
    assert (failure.status, failure.code) == (404, "section_not_found")
    assert "Did you mean Setup? Sections: 0, 1 Setup, 1.1 Linux, 2 Use." in failure.hint


def test_a_long_section_is_read_on_by_its_number(turbo: Turbo) -> None:
    written(turbo, "# A\n# B\n" + "x" * 30_000)
    assert read(turbo, section="B")["text_cut"]["next"] == "get_item(key=TURBO-D1, section=2, offset=12000)"


def test_the_outline_lists_headings_with_their_length(turbo: Turbo) -> None:
    written(turbo)
    shown = read(turbo, include="outline")
    assert shown["outline"] == [
        {"number": "0", "level": 0, "title": "", "characters": 9},
        {"number": "1", "level": 1, "title": "Setup", "characters": 37},
        {"number": "1.1", "level": 2, "title": "Linux", "characters": 17},
        {"number": "2", "level": 1, "title": "Use", "characters": len("# Use\nlast 👩‍💻")},
    ]
    assert shown["text"] == TEXT
    inside = read(turbo, include=["outline"], section="Setup")
    assert [row["title"] for row in inside["outline"]] == ["Setup", "Linux"]


def test_an_outline_too_long_shows_the_upper_levels_and_says_so(turbo: Turbo) -> None:
    written(turbo, "".join(f"# Part {part}\n" + "## Detail\n" * 100 for part in range(40)))
    shown = read(turbo, include="outline")
    assert [row["title"] for row in shown["outline"]] == [f"Part {part}" for part in range(40)]
    assert shown["left_out"].startswith("4000 headings")
    assert len(read(turbo, include="outline", section="Part 7")["outline"]) == 101


def test_a_change_of_text_or_title_is_a_version_and_anything_else_is_not(turbo: Turbo) -> None:
    written(turbo)
    assert changed(turbo, text=TEXT + "!", note="louder") == {
        "key": "TURBO-D1", "title": "Guide", "status": "draft", "version": 2, "characters": len(TEXT) + 1,
        "changed": [{"field": "text"}], "note": "kept with version 2",
    }  # fmt: skip
    assert changed(turbo, title="The guide")["version"] == 3
    assert changed(turbo, status="published")["version"] == 3
    same = changed(turbo, text=TEXT + "!", title="The guide")
    assert (same["version"], same["changed"]) == (3, [])
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
        ({"expected_version": 1}, "nothing to change"),
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


def test_a_difference_leads_from_a_version_to_the_current_one(turbo: Turbo) -> None:
    written(turbo, "one\ntwo\nthree\n")
    changed(turbo, text="one\n2\nthree\n")
    changed(turbo, text="one\n2\nthree\nfour\n")
    assert read(turbo, include="diff", version=1)["diff"].splitlines() == [
        "--- TURBO-D1 version 1", "+++ TURBO-D1 version 3", "@@ -1,3 +1,4 @@", " one", "-two", "+2", " three", "+four",
    ]  # fmt: skip
    assert read(turbo, include="diff")["diff"].startswith("--- TURBO-D1 version 2")
    assert "diff" not in read(turbo, include="diff", version=3)


def test_a_long_difference_is_cut_and_says_so(turbo: Turbo) -> None:
    written(turbo, "".join(f"old {number}\n" for number in range(9_000)))
    changed(turbo, text="".join(f"new {number}\n" for number in range(9_000)))
    shown = read(turbo, include=["diff", "versions", "outline", "comments"])
    assert shown["left_out"].startswith("The diff goes on: ")
    assert len(json.dumps(shown, ensure_ascii=False)) <= 20_000


def test_the_worst_text_still_fits_a_result(turbo: Turbo) -> None:
    turbo.call("create_document", project="TURBO", title="\x01" * 300, text="# \x01\n" * 50_000)
    for number in range(3):
        changed(turbo, text=f"# \x02{number}\n" * 40_000, note="\x03" * 900)
    body = {"key": "TURBO-D1", "include": ["outline", "versions", "diff", "comments"], "version": 1}
    assert len(turbo.ada.answer("get_item", json.dumps(body).encode()).body.decode()) <= 20_000


def test_a_stale_version_is_refused_with_the_current_one(turbo: Turbo) -> None:
    written(turbo)
    changed(turbo, text="second", expected_version=1)
    failure = turbo.refused("update_document", key="TURBO-D1", text="lost", expected_version=1)
    assert (failure.status, failure.code) == (409, "stale_version")
    assert "is at version 2, not 1" in failure.message
    assert "include=diff, version=1" in failure.hint
    assert read(turbo)["text"] == "second"


def test_of_many_writers_who_expect_the_same_version_one_wins(turbo: Turbo) -> None:
    written(turbo)
    calls = [("update_document", {"key": "TURBO-D1", "text": f"{n}", "expected_version": 1}) for n in range(12)]
    outcomes = turbo.together(calls)
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, ToolFailed)} == {"stale_version"}


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


@pytest.mark.parametrize(
    "arguments",
    [{"section": "x"}, {"version": 1}, {"include": "outline"}, {"include": "versions"}, {"include": "diff"}],
)
def test_what_only_documents_have_is_refused_of_other_kinds(turbo: Turbo, arguments: dict[str, Any]) -> None:
    for key in ("TURBO-1", "TURBO"):
        failure = turbo.refused("get_item", key=key, **arguments)
        assert f"is for a document, and {key} is another kind of item" in failure.message


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


def test_a_page_lists_documents_by_title_status_and_project(turbo: Turbo) -> None:
    turbo.call("create_project", key="OTHER", name="x")
    written(turbo)
    turbo.call("create_document", project="TURBO", title='Über "uns" ' + "漢" * 280, text="x", status="published")
    turbo.call("create_document", project="OTHER", title="Guide to others", text="y")

    def keys(**more: Any) -> list[str]:
        asked = {"project_id": None, "status": (), "text": None, "path": None, "limit": 10, "cursor": None, **more}

        async def page(context: Context) -> Page:
            listed = KINDS["document"].page
            assert listed is not None
            if isinstance(asked["project_id"], str):
                asked["project_id"] = (await context.find(asked["project_id"])).id
            return await listed(context, PageRequest(**asked))

        found: Page = with_context(turbo, page)
        assert all(len(json.dumps(row, ensure_ascii=False).encode()) <= 350 for row in found.items)
        assert found.total >= len(found.items)
        return [row["key"] for row in found.items]

    assert keys() == ["OTHER-D1", "TURBO-D2", "TURBO-D1"]
    assert keys(status=("published",)) == ["TURBO-D2"]
    assert keys(text="GUIDE") == ["OTHER-D1", "TURBO-D1"]
    assert keys(text="über") == ["TURBO-D2"]
    assert keys(project_id="TURBO", limit=1) == ["TURBO-D2"]
    assert keys(status=("archived",)) == []
    with pytest.raises(Exception, match="A document is never done"):
        keys(status=("done",))


def test_a_list_of_versions_loads_no_text_and_reading_takes_few_statements(turbo: Turbo) -> None:
    written(turbo)
    changed(turbo, text="second")
    with turbo.counting() as seen:
        read(turbo, include=["versions", "outline"])
    listing = [statement for statement in seen if "from document_versions" in statement]
    assert len(listing) == 1
    assert "v.text" not in listing[0]
    assert len(seen) <= 6
