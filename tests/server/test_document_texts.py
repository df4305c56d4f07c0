"""GET /v1/documents/...: whole texts, all versions, and what two of them differ in."""

from typing import Any

import pytest

from tests.server.harness import ToolFailed, Turbo


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_document", project="WEB", title="Guide", text="one\ntwo\n")
    return turbo


def get(turbo: Turbo, name: str, **arguments: object) -> Any:
    return turbo.ada.ask("GET", f"/v1/documents/{name}", key="WEB-D1", **arguments)


def change(turbo: Turbo, **fields: object) -> None:
    turbo.call("update_document", key="WEB-D1", **fields)


def test_a_text_of_any_length_comes_whole(turbo: Turbo) -> None:
    long = "word äöü 漢字 \n" * 8_000
    change(turbo, text=long)
    change(turbo, status="published")
    assert get(turbo, "text") == {
        "key": "WEB-D1", "title": "Guide", "version": 2, "current_version": 3, "text": long,
    }  # fmt: skip
    assert get(turbo, "text", version=1)["text"] == "one\ntwo\n"


def test_every_version_is_listed_page_by_page(turbo: Turbo) -> None:
    for number in range(2, 28):
        change(turbo, text=f"{number}", note=f"note {number}")
    change(turbo, title="The guide")
    seen: list[Any] = []
    page: dict[str, Any] = {"next_cursor": None}
    while not seen or page["next_cursor"]:
        page = get(turbo, "versions", limit=10, **({"cursor": page["next_cursor"]} if seen else {}))
        assert page["total"] == 28
        seen += page["items"]
    assert [each["version"] for each in seen] == list(range(28, 0, -1))
    assert [each["title"] for each in seen[:2]] == ["The guide", "Guide"]
    assert (seen[1]["note"], seen[1]["author"], seen[1]["machine"]) == ("note 27", "ada", "laptop")


def test_a_cursor_of_another_document_is_refused(turbo: Turbo) -> None:
    turbo.call("create_document", project="WEB", title="Other", text="x")
    change(turbo, text="y")
    cursor = get(turbo, "versions", limit=1)["next_cursor"]
    for key, wrong in (("WEB-D2", cursor), ("WEB-D1", "nonsense")):
        with pytest.raises(ToolFailed) as refused:
            turbo.ada.ask("GET", "/v1/documents/versions", key=key, cursor=wrong)
        assert refused.value.code == "invalid_cursor"


def test_two_versions_are_compared_whole(turbo: Turbo) -> None:
    change(turbo, text="one\n2\n", title="The guide")
    change(turbo, text="one\n2\nthree\n" + "more\n" * 5_000)
    expected = "--- WEB-D1 version 1\n+++ WEB-D1 version 2\n@@ -1,2 +1,2 @@\n one\n-two\n+2"
    assert get(turbo, "diff", **{"from": 1, "to": 2}) == {
        "key": "WEB-D1", "from": 1, "to": 2, "diff": expected, "title": ["Guide", "The guide"],
    }  # fmt: skip
    current = get(turbo, "diff", **{"from": 2})
    assert (current["to"], current["diff"].count("+more")) == (3, 5_000)
    assert get(turbo, "diff", **{"from": 3})["diff"] == ""


@pytest.mark.parametrize(
    ("name", "given"), [("text", {"version": 9}), ("diff", {"from": 9}), ("diff", {"from": 1, "to": 9})]
)
def test_a_version_that_never_was_is_refused_with_those_that_are(
    turbo: Turbo, name: str, given: dict[str, int]
) -> None:
    with pytest.raises(ToolFailed) as refused:
        get(turbo, name, **given)
    assert (refused.value.code, refused.value.status) == ("version_not_found", 404)
    assert "It has 1 to 1" in refused.value.hint


def test_what_was_restored_is_the_text_of_its_version(turbo: Turbo) -> None:
    change(turbo, text="worse")
    change(turbo, restore=1, note="it was better")
    assert get(turbo, "text")["text"] == "one\ntwo\n"
    assert [each["version"] for each in get(turbo, "versions")["items"]] == [3, 2, 1]
