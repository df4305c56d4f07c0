"""The guides are played in the order that First steps names: each shell block, as it stands, against one live server.

bash reads the blocks, so that quotes, pipes and files mean what they mean to a reader. Each `turbo-client` in them then
runs in this process, which saves a second a call.
"""

import gc
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.live import LiveServer, live_server
from turbo_client.cli import run

DOCS = Path(__file__).parents[2] / "docs"
START = (DOCS / "start.md").read_text(encoding="utf-8").partition("## 6. ")[2]
PAGES = re.findall(r"\]\((guides/[a-z-]+\.md)\)", START.partition("in this order:")[2].partition("A test does")[0])
# The function writes down each call: its session, its words, an empty line; a word that names stdin gets what is there.
READER = r"""
turbo-client() {
    local words=() word
    for word in "$@"; do
        if [ "${word%=-}" != "$word" ]; then word="${word%-}$(cat)"; fi
        words+=("$word")
    done
    printf '%s\0' "${CLAUDE_CODE_SESSION_ID:-}" "${words[@]}" $'\n' >>calls
}
"""


def blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def calls(block: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(session, words) of each `turbo-client` in a block, whose other commands are run."""
    (folder / "calls").write_text("")
    subprocess.run(["bash", "-euc", READER + block], cwd=folder, check=True, timeout=30)
    for call in (folder / "calls").read_text(encoding="utf-8").split("\0\n\0")[:-1]:
        session, *words = call.split("\0")
        yield session, words


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with live_server(f"sqlite:///{tmp_path / 'turbo.db'}", tmp_path) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with one commit, in the environment of somebody who is logged in."""
    for name in [name for name in os.environ if name.startswith(("TURBO_", "XDG_", "CLAUDE"))]:
        monkeypatch.delenv(name)
    for name, value in {"HOME": str(tmp_path), "TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}.items():
        monkeypatch.setenv(name, value)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    who = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "init", "--quiet"], check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "--allow-empty", "-m", "Round line by line"], check=True)
    return work


# Each call leaves its connection to the end of its process, which does not come here.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on PATH to read the blocks")
def test_every_call_of_the_guides_is_done_in_their_order(
    server: LiveServer, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = 0
    for text in (START, *((DOCS / page).read_text(encoding="utf-8") for page in PAGES)):
        for plan in re.findall(r"^```json\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            (folder / "plan.json").write_text(plan, encoding="utf-8")
        for block in blocks(text):
            for session, words in calls(_with_event(block, server), folder):
                monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", session)
                assert run(words) == 0, f"{words}: {capsys.readouterr().err}"
                done += 1
    assert done > 60
    gc.collect()


def _with_event(block: str, server: LiveServer) -> str:
    """The number that a reader takes from the answer before."""
    if "event=31" not in block:
        return block
    history = server.call("get_item", key="SHOP-4", include=["history"])["history"]
    return block.replace("event=31", f"event={history[0]['event']}")


def test_every_guide_that_calls_a_tool_is_played() -> None:
    calling = {
        f"guides/{path.name}"
        for path in (DOCS / "guides").glob("*.md")
        if any("turbo-client call" in block for block in blocks(path.read_text(encoding="utf-8")))
    }
    assert calling == set(PAGES)
