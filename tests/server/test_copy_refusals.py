"""What `turbo-server copy` refuses, in a sentence that names the next step; nothing has changed then."""

import shutil
from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.live import clean_environment, turbo_server_here
from tests.server.moved import KINDS, Copy, Maker, at, contents, fill_everything
from turbo_server.kit.sql import sql
from turbo_server.migrations.migrate import migrate
from turbo_server.transfer import move_store as store


def test_a_target_with_data_is_left_alone(turbo: Turbo, make_database: Maker, copy: Copy) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    before = contents(turbo.settings.database_url)
    for more in ((), ("--replace-keys",)):
        refused = copy(old.settings.database_url, turbo.settings.database_url, *more)
        assert refused.returncode == 1
        assert "TARGET is not empty: it has" in refused.stderr
        assert "1 projects" in refused.stderr
        assert refused.stderr.endswith("Nothing was copied.\n")
    assert not before.differing(contents(turbo.settings.database_url))


def test_keys_of_a_first_start_give_way_when_that_is_said(turbo: Turbo, make_database: Maker, copy: Copy) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    refused = copy(old.settings.database_url, turbo.settings.database_url)
    assert (refused.returncode, "--replace-keys" in refused.stderr) == (1, True)
    assert turbo.call("list_projects")["total"] == 0, "the key is still good"
    assert copy(old.settings.database_url, turbo.settings.database_url, "--replace-keys").returncode == 0
    assert not contents(old.settings.database_url).differing(contents(turbo.settings.database_url))


def test_the_same_database_is_no_target(turbo: Turbo, tmp_path: Path, copy: Copy) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    url = turbo.settings.database_url
    assert "the same database" in copy(url, url).stderr
    if url.startswith("sqlite"):
        (tmp_path / "link.db").symlink_to(url.removeprefix("sqlite:///"))
        assert "the same database" in copy(url, f"sqlite:///{tmp_path / 'link.db'}").stderr


@pytest.mark.parametrize("kind", KINDS)
def test_another_schema_is_said_with_what_to_do(make_database: Maker, copy: Copy, kind: str) -> None:
    new, odd = make_database("sqlite"), make_database(kind)
    at(odd, lambda db: db.fetch(sql("update alembic_version set version_num = '0005' returning 1")))
    for source, target in ((odd, new), (new, odd)):
        refused = copy(source, target)
        assert (refused.returncode, "turbo-server migrate" in refused.stderr) == (1, True)
        assert "0005" in refused.stderr


def test_what_is_only_read_is_neither_migrated_nor_made(tmp_path: Path, copy: Copy, sqlite_template: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'old.db'}", "0007")
    new = f"sqlite:///{tmp_path / 'new.db'}"
    assert copy(f"sqlite:///{tmp_path / 'old.db'}", new).returncode == 1
    assert at(f"sqlite:///{tmp_path / 'old.db'}", store.version) == "0007"
    assert not (tmp_path / "new.db").exists()
    shutil.copyfile(sqlite_template, tmp_path / "current.db")
    assert "is empty: is it the right one" in copy(f"sqlite:///{tmp_path / 'current.db'}", new).stderr


def test_a_source_that_is_not_there_is_not_made(tmp_path: Path, copy: Copy) -> None:
    refused = copy(f"sqlite:///{tmp_path / 'none.db'}", f"sqlite:///{tmp_path / 'new.db'}")
    assert (refused.returncode, "There is no database at" in refused.stderr) == (1, True)
    assert not list(tmp_path.glob("*.db"))


def test_what_postgres_cannot_hold_is_said_and_nothing_is_copied(make_database: Maker, copy: Copy) -> None:
    """A NUL, which SQLite keeps where somebody has put one past the tools."""
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
        old.run(old.with_database(lambda db: db.fetch(sql("update projects set name = 'a' || char(0) || 'b'"))))
    source = old.settings.database_url
    refused = copy(source, make_database("postgres"))
    assert (refused.returncode, "does not take a row" in refused.stderr) == (1, True), refused.stderr
    assert copy(source, target := make_database("sqlite")).returncode == 0, refused.stderr
    assert not contents(source).differing(contents(target))


def test_a_damaged_source_is_told_apart_from_the_target(make_database: Maker, copy: Copy) -> None:
    with Turbo(make_database("sqlite")) as old:
        old.call("create_project", key="TURBO", name="x")
    url = old.settings.database_url
    root = sql("select rootpage, page_size from sqlite_master, pragma_page_size where name = 'projects'")
    (row,) = at(url, lambda db: db.fetch(root))
    path = Path(url.removeprefix("sqlite:///"))
    with path.open("r+b") as file:
        file.seek((row["rootpage"] - 1) * row["page_size"])
        file.write(bytes(row["page_size"]))
    refused = copy(f"sqlite:///{path}", make_database("postgres"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{path}, which DATABASE_URL names, is damaged" in refused.stderr


ADDRESSES = [
    ("postgres://turbo:hunter2@db.example/turbo", "must not hold a password"),
    ("postgres://db.example/turbo?user=turbo&password=hunter2", "must not hold a password"),
    ("postgres://turbo:hunter2@[db.example/turbo", "must not hold a password"),
    ("env:NOT_SET", "The variable NOT_SET is not set here"),
    ("env:", "The variable NAME is not set here"),
    ("mysql://db.example/turbo", "--to must be sqlite:///PATH, postgres://"),
    ("env:BAD", "BAD must be sqlite:///PATH"),
    ("postgres://db.invalid:1/turbo", "no answer from the database at db.invalid:1 (--to)"),
    ("sqlite:////dev/null/turbo.db", "could not be migrated"),
    ("sqlite:////tmp", "--to names the folder /tmp"),
]


@pytest.mark.parametrize(("address", "said"), ADDRESSES)
def test_an_address_that_does_not_do_is_refused_in_a_sentence(
    make_database: Maker, tmp_path: Path, address: str, said: str
) -> None:
    variables = clean_environment(tmp_path, DATABASE_URL=make_database("sqlite"), BAD="hunter2")
    refused = turbo_server_here(variables, "copy", "--to", address)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert "hunter2" not in refused.stderr
