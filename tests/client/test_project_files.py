"""Arguments that name a file: what is read in their place, and all that is not."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import StandIn, tool
from turbo_client import project_files
from turbo_client.errors import FileRefused

BEGIN = b"-----BEGIN "  # apart from the rest: nothing here may look like a key
FILED = tool("file_it", file={"type": "string"}, text={"type": "string"}) | {"_meta": {"turbo/files": {"file": "text"}}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "notes.md").write_bytes(b"# Notes\r\n\ttext\n")
    (tmp_path / "outside.md").write_text("outside")
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(folder))
    return folder


@pytest.fixture
def session(open_session: OpenSession, logged_in: Environment, backend: StandIn, project: Path) -> Session:
    """One whose working directory is not the project's."""
    backend.tools.append(FILED)
    opened = open_session(logged_in | {"CLAUDE_PROJECT_DIR": str(project)}, project.parent)
    opened.initialize()
    opened.notification("notifications/tools/list_changed")
    return opened


def refusal(path: object) -> FileRefused:
    with pytest.raises(FileRefused) as failure:
        project_files.read(path)
    return failure.value


def test_the_file_is_sent_as_text_and_nothing_else_changes(session: Session, backend: StandIn) -> None:
    result = session.call("file_it", {"file": "docs/notes.md", "labels": ["a"]})
    assert result["isError"] is False
    assert backend.calls("file_it")[-1].arguments == {"labels": ["a"], "text": "# Notes\r\n\ttext\n"}


def test_a_call_without_a_file_and_a_tool_without_files_go_on_unchanged(session: Session, backend: StandIn) -> None:
    session.call("file_it", {"text": "x", "file": None})
    assert backend.calls("file_it")[-1].arguments == {"text": "x", "file": None}
    session.call("write_it", {"file": "docs/notes.md"})
    assert backend.calls("write_it")[-1].arguments == {"file": "docs/notes.md"}


def test_a_refused_file_is_a_result_and_reaches_no_server(session: Session, backend: StandIn) -> None:
    result = session.call("file_it", {"file": "../outside.md"})
    assert result["isError"] is True
    assert "is not inside the project folder" in result["content"][0]["text"]
    assert result["content"][0]["text"].endswith("NOT saved.")
    assert result["structuredContent"]["error"]["code"] == "file_refused"
    both = session.call("file_it", {"file": "docs/notes.md", "text": "x"})
    assert "Both file and text were given." in both["content"][0]["text"]
    assert backend.calls("file_it") == []


def test_the_shell_reads_files_by_the_same_rule(
    run: Callable[..., subprocess.CompletedProcess[str]], logged_in: Environment, backend: StandIn, project: Path
) -> None:
    backend.tools.append(FILED)
    assert run(logged_in, "call", "file_it", "file=project/docs/notes.md").returncode == 0  # from its working directory
    assert backend.calls("file_it")[-1].arguments == {"text": "# Notes\r\n\ttext\n"}
    inside = logged_in | {"CLAUDE_PROJECT_DIR": str(project)}
    refused = run(inside, "call", "file_it", "file=../outside.md")
    assert refused.returncode == 1
    assert "is not inside the project folder" in refused.stderr


@pytest.mark.parametrize(
    "meta", [None, [], {}, {"turbo/files": None}, {"turbo/files": ["file"]}, {"other": {"file": "x"}}]
)
def test_a_list_that_says_it_otherwise_reads_nothing(project: Path, meta: object) -> None:
    assert project.is_dir()
    assert project_files.with_files({"_meta": meta}, '{"file": "docs/notes.md"}') == '{"file": "docs/notes.md"}'


def test_a_path_may_be_absolute_and_wind_as_long_as_it_ends_inside(project: Path) -> None:
    for path in (project / "docs" / "notes.md", "docs/../docs/./notes.md", f"../{project.name}/docs/notes.md"):
        assert project_files.read(str(path)) == "# Notes\r\n\ttext\n"


def test_a_link_inside_is_followed_and_one_that_leads_outside_is_not(project: Path) -> None:
    (project / "inside.md").symlink_to("docs/notes.md")
    (project / "here").symlink_to("docs")
    (project / "out.md").symlink_to("../outside.md")
    (project / "up").symlink_to("..")
    (project / "circle").symlink_to("circle")
    assert project_files.read("inside.md") == project_files.read("here/notes.md")
    for path in ("out.md", "up/outside.md", "/etc/hostname", "..", ".", "../projects/x", "../project-2/x"):
        assert "is not inside the project folder" in refusal(path).message
    assert refusal("circle").code == "file_refused"


def test_a_project_folder_that_is_a_link_is_the_folder_it_leads_to(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.parent / "link").symlink_to(project)
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(project.parent / "link"))
    assert project_files.read("docs/notes.md")
    assert project_files.read(str(project.parent / "link" / "docs" / "notes.md"))


def test_without_a_project_folder_it_is_the_working_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAUDE_PROJECT_DIR")
    monkeypatch.chdir(project / "docs")
    assert project_files.read("notes.md")
    assert "not inside" in refusal("../docs2/x").message
    monkeypatch.chdir("/")
    assert "no project folder" in refusal("etc/hostname").message


@pytest.mark.parametrize("content", ["", "\ufeffwith a mark\n", "漢字 👩‍💻\r\nno line end", "x" * 256 * 1024])
def test_the_text_is_the_files_byte_for_byte(project: Path, content: str) -> None:
    (project / "a.md").write_bytes(content.encode())
    assert project_files.read("a.md") == content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (256 * 1024 + 1), "over 256 KiB"),
        (b"\xff\xfea\x00", "not text in UTF-8"),
        (b"caf\xe9", "not text in UTF-8"),
        (b"a\x00b", "NUL"),
        (b"Bag\n" + BEGIN + b"RSA PRIVATE KEY-----\nMIIE", "looks like a secret"),
        (BEGIN + b"OPENSSH PRIVATE KEY-----\n", "looks like a secret"),
    ],
)
def test_what_is_no_plain_text_is_refused_in_a_sentence(project: Path, content: bytes, said: str) -> None:
    (project / "a.md").write_bytes(content)
    assert said in refusal("a.md").message
    assert refusal("a.md").hint


@pytest.mark.parametrize(
    "name",
    [".env", ".ENV", ".env.local", "id_rsa", "id_ed25519", "server.pem", "tls.KEY", ".netrc", ".git/config",
     "docs/.ssh/config", ".npmrc", "sub/.env.production"],
)  # fmt: skip
def test_what_looks_like_a_secret_is_refused_by_its_name(project: Path, name: str) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("KEY=1")
    (project / "innocent.md").symlink_to(path)
    assert "looks like a secret" in refusal(name).message
    assert "looks like a secret" in refusal("innocent.md").message


@pytest.mark.parametrize("name", [".env.example", ".github/notes.md", "environment.md", "id_rsa.md", "keys.md"])
def test_what_only_sounds_like_one_is_read(project: Path, name: str) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("fine")
    assert project_files.read(name) == "fine"


def test_only_regular_files_are_read_and_a_pipe_holds_nobody_up(project: Path) -> None:
    os.mkfifo(project / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(project / "socket"))
        for name in ("pipe", "socket", "docs"):
            assert any(words in refusal(name).message for words in ("not a regular file", "cannot be read"))


@pytest.mark.parametrize("path", ["", " ", 7, ["a"], "nul\x00", "\ud800", "none.md", "docs/notes.md/x", "x" * 5_000])
def test_a_path_that_leads_to_nothing_is_refused(project: Path, path: Any) -> None:
    assert project.is_dir()
    failure = refusal(path)
    assert len(failure.text) < 600
    assert failure.hint


def test_a_file_that_may_not_be_read_says_so(project: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (project / "docs" / "notes.md").chmod(0)
    assert "cannot be read" in refusal("docs/notes.md").message


def test_a_folder_swapped_for_a_link_while_it_is_read_leads_nowhere(project: Path) -> None:
    """One thread swaps the folder without a pause; whatever the other reads is the project's own."""
    other = project.parent / "other"
    other.mkdir()
    (other / "notes.md").write_text("outside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (project / "docs").rename(project / "moved")
            (project / "docs").symlink_to(other)
            (project / "docs").unlink()
            (project / "moved").rename(project / "docs")

    swapper = threading.Thread(target=swap)
    swapper.start()
    read: set[str] = set()
    try:
        for _ in range(3_000):
            try:
                read.add(project_files.read("docs/notes.md"))
            except FileRefused as failure:
                read.add(failure.code)
    finally:
        stop.set()
        swapper.join()
    assert "outside" not in read
    assert read <= {"# Notes\r\n\ttext\n", "file_refused"}
