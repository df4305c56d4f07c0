"""What the documents say is there: pages are current, links lead somewhere, commands and tools exist."""

import re
import subprocess
from pathlib import Path

import pytest

from docs import generate
from turbo_client.cli import VERBS as CLIENT_VERBS
from turbo_server.catalogue import Catalogue
from turbo_server.cli import VERBS as SERVER_VERBS
from turbo_server.migrations.schema import metadata
from turbo_server.transfer.carried import carried_tables

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", ":!tests/server/samples"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()
)  # fmt: skip
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"\b(turbo-client|turbo-server|make) ([a-z][a-z-]+)\b")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
TOOL = re.compile(
    r"`((?:get|list|create|update|log|search|next|add|link|ask|archive|restore|undo)_[a-z_]+)[`(]"
)  # fmt: skip
NO_TOOLS = ("list_changed", "next_cursor")  # words of the protocol and of lists
FOUND = re.compile(r"`([a-z_/]+\.py): ([a-z_A-Z]+)`")


@pytest.fixture(params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_generated_pages_are_current() -> None:
    assert generate.main(["--check"]) == 0


@pytest.mark.usefixtures("pages_as_they_are")
def test_a_stale_page_is_noticed_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in ((name, (generate.REFERENCE / name).read_text()) for name in generate.PAGES):
        (tmp_path / name).write_text(content)
    (tmp_path / "cli.md").write_text("old")
    (tmp_path / "tools.md").unlink()
    assert generate.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert [name for name in generate.PAGES if name in said] == ["tools.md", "cli.md"]


def test_links_lead_to_files_that_are_there(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert missing == []


def test_commands_in_code_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {"turbo-client": set(CLIENT_VERBS), "turbo-server": set(SERVER_VERBS), "make": targets}
    for block in CODE.findall(page.read_text()):
        for program, verb in COMMAND.findall(block):
            assert verb in known[program], f"{program} {verb}"


def test_tools_that_are_named_exist(page: Path) -> None:
    columns = {name for table in carried_tables() for name in table.names}
    tools, written = {*Catalogue().tools, *NO_TOOLS, *columns, *metadata.tables}, TOOL.findall(page.read_text())
    assert [name for name in written if name not in tools] == []


def test_functions_that_the_walkthrough_names_exist() -> None:
    named = FOUND.findall((ROOT / "docs" / "walkthrough.md").read_text())
    assert len(named) > 10
    for path, function in named:
        source = (ROOT / path).read_text()
        assert re.search(rf"(def|class) {function}\b|^{function}\b", source, re.MULTILINE), f"{path}: {function}"
