"""The generators refuse to write a page that leaves out something the code has."""

import shutil
from pathlib import Path
from typing import Literal

import pytest

from docs import generate
from docs.generators import settings, story, tools
from docs.generators.fields import argument_rows, result_rows
from docs.generators.incomplete import Incomplete, require_same
from docs.generators.source import error_codes, header_names, variables
from turbo_server.kit.schema import Arguments, Listing, Result, input_schema
from turbo_server.settings import NAMES

SOURCE = """
VARIABLE = "TURBO_NEW"


class Lost(Exception):
    code = "lost_in_space"


def read(request, environment):
    return request.headers.get("turbo-mood"), environment.get(VARIABLE), environment.get("TURBO_OTHER", "")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "new.py").write_text(SOURCE)
    return tmp_path


def test_headers_variables_and_error_codes_are_read_off_the_source(folder: Path) -> None:
    assert header_names(folder) == {"turbo-mood"}
    assert variables(folder) == {"TURBO_NEW", "TURBO_OTHER"}
    assert error_codes(folder) == {"lost_in_space"}


def test_what_is_not_described_and_what_is_no_longer_there_are_both_named() -> None:
    with pytest.raises(Incomplete, match=r"t\.py does not describe the header new; t\.py describes the header old,"):
        require_same({"new", "same"}, {"old", "same"}, "header", "t.py")


def test_a_variable_without_a_description_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    others = {name: told for name, told in settings.SERVER_VARIABLES.items() if name != "API_PORT"}
    monkeypatch.setattr(settings, "SERVER_VARIABLES", others)
    with pytest.raises(Incomplete, match="variable API_PORT"):
        settings.page()


def test_a_tool_without_an_example_stops_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tools, "STORY", tuple(call for call in story.STORY if call[0] != "log_work"))
    assert generate.main(["--check"]) == 1
    assert "docs/generators/story.py does not describe the tool log_work" in capsys.readouterr().err


def test_pages_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    """The first time is `make docs`: what it left, another process left."""
    assert generate.main([], tmp_path) == 0
    assert [(tmp_path / page).read_bytes() == (generate.REFERENCE / page).read_bytes()
            for page in generate.PAGES] == [True] * len(generate.PAGES)  # fmt: skip


@pytest.mark.usefixtures("pages_as_they_are")
def test_a_page_that_nobody_writes_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(generate.REFERENCE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "old.md").write_text("# Old\n")
    assert generate.main(["--check"], tmp_path) == 1
    assert "old.md" in capsys.readouterr().err


class Inner(Result):
    name: str


class Page(Listing):
    items: list[Inner]
    best: Inner | None = None
    state: Literal["on", "off"]


class Asked(Arguments):
    word: Literal["yes", "no"]
    many: list[str] = []


def test_arguments_say_their_words_and_defaults() -> None:
    assert list(argument_rows(input_schema(Asked))) == [
        ["`word`", "one of `yes`, `no`", "yes", "", ""],
        ["`many`", "list of text", "", "", ""],
    ]


def test_results_say_what_may_be_missing_and_open_an_object_once() -> None:
    assert list(result_rows(Page)) == [
        ["`total`", "whole number", "always"],
        ["`next_cursor`", "text", "always; `null` on the last page"],
        ["`items`", "list of objects", "always"],
        ["`items[].name`", "text", "always"],
        ["`best`", "object, like `items[]`", "when it has a value"],
        ["`state`", "one of `on`, `off`", "always"],
    ]


def test_doctor_knows_every_setting() -> None:
    """Those that turbo-server reads; FLY_APP_NAME is the host's."""
    assert set(NAMES) == settings.SERVER_VARIABLES.keys() - {"FLY_APP_NAME"}
