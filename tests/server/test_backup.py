"""`turbo-server backup` and `restore`: one file that proves itself, and a database that is the same again."""

import gzip
import hashlib
import json
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.server.events import ids, read
from tests.server.harness import Turbo
from tests.server.live import clean_environment, turbo_server_here
from tests.server.moved import KINDS, Maker, at, contents, fill_everything, same_person
from turbo_server.cli.restore import age
from turbo_server.migrations.migrate import migrate
from turbo_server.migrations.version import head
from turbo_server.transfer import move_store as store
from turbo_server.transfer.lines import as_line
from turbo_server.transfer.moved import TABLES

Run = Callable[..., CompletedProcess[str]]
SEED = 20_261_124


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(url: str, *words: str) -> CompletedProcess[str]:
        return turbo_server_here(clean_environment(tmp_path, DATABASE_URL=url, TARGET=url), *words)

    return run


@pytest.fixture
def file(tmp_path: Path, make_database: Maker, run: Run) -> Path:
    """A backup of a small database."""
    with Turbo(make_database("sqlite")) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        turbo.call("create_issue", project="TURBO", title="First")
    assert run(turbo.settings.database_url, "backup", str(tmp_path / "small.backup")).returncode == 0
    return tmp_path / "small.backup"


@pytest.mark.parametrize("goal", KINDS)
def test_what_is_restored_is_what_was_backed_up(
    turbo: Turbo, make_database: Maker, tmp_path: Path, run: Run, goal: str
) -> None:
    fill_everything(turbo)
    cursor, before = read(turbo)["next_cursor"], contents(turbo.settings.database_url)
    path, target = tmp_path / "x.backup", make_database(goal)
    done = run(turbo.settings.database_url, "backup", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (checked := run("", "backup", "--check", str(path))).returncode == 0
    assert f"is whole: {before.rows} rows" in checked.stdout
    restored = run(target, "restore", str(path))
    assert (restored.returncode, "are those of the file" in restored.stdout) == (0, True), restored.stderr
    assert not before.differing(contents(target))
    with Turbo(target) as new:
        ada = same_person(new, turbo.ada)
        assert ada.call("create_issue", project="TURBO", title="After")["key"] == "TURBO-4"
        assert len(ids(read(ada, after=cursor))) == 1
        assert ada.call("search", query="parent to be")["items"][0]["key"] == "TURBO-1"


def test_both_databases_write_the_same_rows(make_database: Maker, tmp_path: Path, run: Run) -> None:
    with Turbo(make_database("sqlite")) as turbo:
        fill_everything(turbo)
    rows = []
    for kind in (None, *KINDS):
        url = make_database(kind) if kind else turbo.settings.database_url
        if kind:
            assert run(url, "restore", str(tmp_path / "x.backup")).returncode == 0
        assert run(url, "backup", str(tmp_path / "x.backup")).returncode == 0
        content = gzip.decompress((tmp_path / "x.backup").read_bytes())
        rows.append(content.partition(b"\n")[2].rpartition(b'{"turbo_backup_end"')[0])
    assert rows[0] == rows[1] == rows[2]
    assert turbo.ada.token.encode() not in rows[0]


def test_a_drill_compares_tells_and_leaves_nothing(file: Path, tmp_path: Path, make_database: Maker, run: Run) -> None:
    for more, url in (((), "sqlite:////dev/null/none.db"), (("--to", "env:TARGET"), make_database("postgres"))):
        done = run(url, "restore", "--drill", str(file), *more)
        assert done.returncode == 0, done.stderr
        assert "Counts, hashes and counters are those of the file." in done.stdout
        assert "It was taken less than a minute ago" in done.stdout
        assert done.stdout.endswith("Nothing of it was kept.\n")
        assert done.stderr == ""
    assert not any(at(url, lambda db: store.counts(db, TABLES)).values())


def test_a_drill_on_a_backup_of_nothing_fails(tmp_path: Path, make_database: Maker, run: Run) -> None:
    assert run(make_database("sqlite"), "backup", str(tmp_path / "empty.backup")).returncode == 0
    done = run("", "restore", "--drill", str(tmp_path / "empty.backup"))
    assert (done.returncode, "is it of the right database?" in done.stderr) == (1, True)


def test_whatever_byte_is_flipped_is_noticed_and_nothing_restored(file: Path, make_database: Maker, run: Run) -> None:
    content, target, draw = file.read_bytes(), make_database("sqlite"), random.Random(SEED)  # noqa: S311
    # Byte 8 and 9 of gzip's head tell how hard was packed and on which system: nothing that anybody reads.
    places = [0, 3, 7, 10, len(content) - 1, len(content) - 5, *draw.sample(range(10, len(content)), 20)]
    for place in places:
        file.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        for refused in (run("", "backup", "--check", str(file)), run(target, "restore", str(file))):
            assert (refused.returncode, refused.stdout) == (1, ""), place
            assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert not any(at(target, lambda db: store.counts(db, TABLES)).values())


def test_a_file_that_is_cut_off_or_goes_on_is_refused(file: Path, make_database: Maker, run: Run) -> None:
    content, target = file.read_bytes(), make_database("sqlite")
    cuts = [content[:length] for length in (0, 5, 20, len(content) // 2, len(content) - 8, len(content) - 1)]
    for wrong in (*cuts, content + b"\0", content + content):
        file.write_bytes(wrong)
        assert run("", "backup", "--check", str(file)).returncode == 1
        assert run(target, "restore", str(file)).returncode == 1
    assert not any(at(target, lambda db: store.counts(db, TABLES)).values())


CHANGES = [
    (b"First", b"Other", "Its counts and hashes are not those of its rows"),
    (b'"schema":"', b'"schema":"9', "Install the turbo-server that wrote it"),
    (b'"turbo_backup":1', b'"turbo_backup":2', "is of format 2"),
    (b'"turbo_backup":1', b'"turbo_export":1', "no backup of turbo-server"),
    (b'"project_id":"number"', b'"project id":"number"', "does not describe tables as a backup does"),
    (b'"text"', b'"texts"', "does not describe tables as a backup does"),
    (b'"counters":{"', b'"counters":{"x":"', "Nothing was restored"),
]


@pytest.mark.parametrize(("old", "new", "said"), CHANGES)
def test_what_was_changed_and_packed_again_is_noticed(
    file: Path, make_database: Maker, run: Run, old: bytes, new: bytes, said: str
) -> None:
    content = gzip.decompress(file.read_bytes())
    assert old in content
    file.write_bytes(gzip.compress(content.replace(old, new), mtime=0))
    target = make_database("postgres")
    refused = run(target, "restore", str(file))
    assert (refused.returncode, said in refused.stderr) == (1, True), refused.stderr


@pytest.mark.parametrize("wrong", ["", "sqlite", "{}", '{"turbo_export":1}\n'])
def test_what_is_no_backup_is_said(tmp_path: Path, run: Run, wrong: str) -> None:
    (tmp_path / "x").write_bytes(wrong.encode())
    refused = run("sqlite:////dev/null/none.db", "restore", str(tmp_path / "x"))
    assert (refused.returncode, "no backup of turbo-server" in refused.stderr) == (1, True)


def test_a_backup_from_before_an_update_is_restored_and_migrated(
    tmp_path: Path, file: Path, run: Run, make_database: Maker
) -> None:
    """As the server before the last migration wrote it: without the table that this one adds."""
    old, new = f"sqlite:///{tmp_path / 'old.db'}", f"sqlite:///{tmp_path / 'new.db'}"
    content = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(_as_of(content, "0015", without=("saved_views",)), mtime=0))
    refused = run(make_database("sqlite"), "restore", str(file))
    assert (refused.returncode, "Name a database that has none" in refused.stderr) == (1, True)
    migrate(old, "0015")
    for url in (old, new):
        done = run(url, "restore", str(file))
        assert done.returncode == 0, done.stderr
        assert at(url, store.version) == head()


def _as_of(content: bytes, schema: str, without: tuple[str, ...]) -> bytes:
    header, _, rest = content.partition(b"\n")
    *bodies, last = rest.split(b"\\.\n")
    about, proof = json.loads(header), json.loads(last)
    kept = [(name, body) for name, body in zip(about["tables"], bodies, strict=True) if name not in without]
    for name in without:
        del about["tables"][name], proof["tables"][name]
    about["schema"] = schema
    header = as_line(about)
    proof["header_sha256"] = hashlib.sha256(header).hexdigest()
    return header + b"".join(body + b"\\.\n" for _, body in kept) + as_line(proof)


def test_how_old_a_backup_is_is_told_in_one_unit() -> None:
    def told(**ago: int) -> str:
        return age((datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="seconds")).partition(" (")[0]

    assert [told(seconds=30), told(seconds=70), told(minutes=61), told(hours=30), told(days=3)] == [
        "less than a minute ago", "1 minute ago", "1 hour ago", "1 day ago", "3 days ago",
    ]  # fmt: skip
    assert age("yesterday") == "at an unknown time (yesterday)"


def test_a_backup_goes_through_a_pipe(make_database: Maker, tmp_path: Path) -> None:
    with Turbo(make_database("sqlite")) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
    environment = clean_environment(tmp_path, DATABASE_URL=turbo.settings.database_url)
    program = [sys.executable, "-m", "turbo_server"]
    out = subprocess.run([*program, "backup", "-"], env=environment, capture_output=True, timeout=60, check=True)
    for words, said in (
        (("restore", "--drill", "-"), b"Nothing of it was kept."),
        (("backup", "--check", "-"), b"whole"),
    ):
        done = subprocess.run(
            [*program, *words], env=environment, input=out.stdout, capture_output=True, timeout=60, check=False
        )
        assert (done.returncode, said in done.stdout) == (0, True), done.stderr


def test_a_backup_that_cannot_be_written_leaves_no_file(tmp_path: Path, run: Run, make_database: Maker) -> None:
    refused = run(make_database("sqlite"), "backup", str(tmp_path / "nowhere" / "x.backup"))
    assert (refused.returncode, "could not be written" in refused.stderr) == (1, True)
    refused = run(f"sqlite:///{tmp_path / 'none.db'}", "backup", str(tmp_path / "x.backup"))
    assert (refused.returncode, "There is no database at" in refused.stderr) == (1, True)
    assert not list(tmp_path.glob("*x.backup*"))
