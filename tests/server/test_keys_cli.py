"""`turbo-server keys`, run in this process: what it makes, lists, rotates and ends."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.server.harness import Turbo
from tests.server.key_calls import ask, code_of
from turbo_server.account import key_tools
from turbo_server.account.token import is_well_formed
from turbo_server.cli import run

Keys = Callable[..., tuple[int, str, str]]


@pytest.fixture
def keys(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Keys:
    """(exit code, stdout, stderr) of one."""
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run_keys(*words: str) -> tuple[int, str, str]:
        try:
            code = run(["keys", *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_keys


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url) as server:
        yield server


def test_a_key_is_made_with_scope_end_machine_and_name(keys: Keys) -> None:
    made = [
        keys("create", "--name", "ada"),
        keys("create", "--name", "ada"),
        keys("create", "--name", "ci", "--account", "ada", "--scope", "READ", "--expires=30", "--machine", "builder"),
        keys("create", "--name", "ada", "--expires", "never", "--label", "forever"),
    ]
    assert all(code == 0 and is_well_formed(out.removesuffix("\n")) for code, out, _ in made)
    assert not any(out.strip() in told for _, out, told in made)
    rows = json.loads(keys("list", "--json")[1])
    assert [(row["account"], row["name"], row["scope"], row["machine"], row["renewal_days"]) for row in rows] == [
        ("ada", "key", "admin", None, 90), ("ada", "key", "write", None, 90), ("ada", "ci", "read", "builder", None),
        ("ada", "forever", "write", None, None),
    ]  # fmt: skip
    assert [row["expires_at"] is None for row in rows] == [False, False, False, True]
    lines = keys("list")[1].splitlines()
    words = ("admin", "renewable", "builder", "never expires")
    assert all(word in line for line, word in zip(lines, words, strict=True))


@pytest.mark.parametrize(
    ("word", "code"),
    [("--expires=0", 2), ("--expires=367", 2), ("--scope=root", 2), ("--machine=a\nb", 2), ("--project=NONE", 1)],
)
def test_what_cannot_be_makes_no_key(keys: Keys, word: str, code: int) -> None:
    assert keys("create", "--name", "ada", word)[:2] == (code, "")
    assert json.loads(keys("list", "--json")[1]) == []


def test_a_limited_key_is_told_with_its_projects(keys: Keys, turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    code, _, told = keys("create", "--name", "ada", "--project", "web")
    assert (code, "only WEB" in told) == (0, True)
    assert "only WEB" in keys("list")[1].splitlines()[-1]


def test_keys_are_rotated_and_ended_with_what_was_made_with_them(keys: Keys, turbo: Turbo) -> None:
    first = keys("create", "--name", "ada")[1].strip()
    made = ask(turbo, first, key_tools.make_key)
    rotated = keys("rotate", "2")[1].removesuffix("\n")
    assert is_well_formed(rotated)
    every = (first, rotated, made["key"])
    assert [code_of(turbo, key) for key in every] == ["ok", "ok", "ok"]
    code, _, told = keys("revoke", "2")
    assert (code, f"Keys made with it still work: {made['id']}." in told) == (0, True)
    assert [code_of(turbo, key) for key in every] == ["unauthenticated", "unauthenticated", "ok"]
    assert keys("revoke", "2", "--with-made")[0] == 0
    assert code_of(turbo, made["key"]) == "unauthenticated"
    assert [keys("rotate", "2")[0], keys("revoke", "2")[0], keys("revoke", "99", "--with-made")[0]] == [1, 1, 1]
    assert "revoked 20" in keys("list")[1].splitlines()[1]
