"""Documents through the tools: written, read whole, by section, by version, and listed."""

import json
import re
from typing import Any

import pytest

from tests.server.a_document import TEXT, changed, read, with_context, with_project, written
from tests.server.harness import Turbo
from turbo_server.catalogue import KINDS
from turbo_server.kit.context import Context
from turbo_server.kit.kind import Page, PageRequest


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    return with_project(turbo)


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
    assert "text" not in shown
    inside = read(turbo, include=["outline"], section="Setup")
    assert inside["text"] == read(turbo, section="Setup")["text"]
    assert [row["title"] for row in inside["outline"]] == ["Setup", "Linux"]


def test_an_outline_too_long_shows_the_upper_levels_and_says_so(turbo: Turbo) -> None:
    written(turbo, "".join(f"# Part {part}\n" + "## Detail\n" * 100 for part in range(40)))
    shown = read(turbo, include="outline")
    assert [row["title"] for row in shown["outline"]] == [f"Part {part}" for part in range(40)]
    assert shown["left_out"].startswith("4000 headings")
    assert len(read(turbo, include="outline", section="Part 7")["outline"]) == 101


@pytest.mark.parametrize("head", ["", "# The only title\n"])
def test_the_outline_of_a_long_flat_document_is_cut_and_read_on(turbo: Turbo, head: str) -> None:
    written(turbo, head + "".join(f"## Entry {number}\nwords\n" for number in range(300)))
    titles: list[str] = []
    shown = read(turbo, include="outline")
    while True:
        titles += [row["title"] for row in shown["outline"]]
        if "left_out" not in shown:
            break
        match = re.fullmatch(
            r"The outline goes on: get_item\(key=TURBO-D1, include=outline, offset=(\d+)\)\.", shown["left_out"]
        )
        assert match is not None, shown["left_out"]
        shown = read(turbo, include="outline", offset=int(match[1]))
    assert [title for title in titles if title != "The only title"] == [f"Entry {number}" for number in range(300)]
    inside = read(turbo, include="outline", section="1")
    assert len(inside["outline"]) > (50 if head else 0)


@pytest.mark.parametrize("part", ["outline", "versions", "diff"])
def test_what_stands_beside_a_text_comes_without_it(turbo: Turbo, part: str) -> None:
    written(turbo)
    changed(turbo, text="other words")
    shown = read(turbo, include=part, version=1)
    assert part in shown
    assert "text" not in shown
    assert shown["characters"] == len(TEXT)


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


@pytest.mark.parametrize(
    "arguments",
    [{"section": "x"}, {"version": 1}, {"include": "outline"}, {"include": "versions"}, {"include": "diff"}],
)
def test_what_only_documents_have_is_refused_of_other_kinds(turbo: Turbo, arguments: dict[str, Any]) -> None:
    for key in ("TURBO-1", "TURBO"):
        failure = turbo.refused("get_item", key=key, **arguments)
        assert f"is for a document, and {key} is another kind of item" in failure.message


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
