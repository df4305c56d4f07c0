"""The audit: what happens to keys is written down with it, and read with all that happens to items."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.harness import Person, Turbo
from turbo_server.account.grants import Grant, Lifetime, usual
from turbo_server.account.identity import Identity
from turbo_server.account.key_audit import revoke as revoke_key
from turbo_server.account.key_tools import ENDPOINTS
from turbo_server.account.token import mint
from turbo_server.catalogue import TOOLSET_NAMES, Catalogue
from turbo_server.cli import run
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql


def written(turbo: Turbo, action: str) -> list[dict[str, Any]]:
    async def read(db: Any) -> list[Any]:
        rows = await db.fetch(sql("select * from audit where action = $1 order by id"), action)
        return [{**row, "details": json.loads(row["details"] or "null")} for row in map(dict, rows)]

    return turbo.run(turbo.with_database(read))


def at(person: Person, address: str | None) -> Person:
    return replace(person, caller=replace(person.caller, address=address))


def key_id(turbo: Turbo, person: Person) -> int:
    return turbo.run(turbo.runner.identify(person.token, person.caller)).key_id


def revoke(turbo: Turbo, person: Person) -> bool:
    number = key_id(turbo, person)
    return bool(turbo.run(turbo.with_database(lambda db: revoke_key(db, number, datetime.now(UTC)))))


def test_a_key_that_is_made_is_written_down_without_its_secret(turbo: Turbo) -> None:
    jonas = turbo.person("jonas")
    row = written(turbo, "key_created")[-1]
    details = row["details"]
    assert (row["about_key_id"], details["name"], details["scope"]) == (key_id(turbo, jonas), "test", "admin")
    assert set(details) == {"name", "scope", "until"}
    assert (row["account_id"], row["key_id"], row["address"]) == (None, None, None), "the operator's own command line"
    assert jonas.token not in repr(written(turbo, "key_created"))


def test_a_key_from_the_environment_is_adopted_once(turbo: Turbo) -> None:
    token = mint()
    for _ in range(2):
        turbo.run(turbo.with_database(lambda db: Identity().adopt_key(db, token)))
    assert len(written(turbo, "key_adopted")) == 1


def test_a_revoked_key_is_told_once_and_its_attempts_with_their_address(turbo: Turbo) -> None:
    jonas = turbo.person("jonas")
    assert revoke(turbo, jonas)
    assert [row["about_key_id"] for row in written(turbo, "key_revoked")] == [1 + key_id(turbo, turbo.ada)]
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", None, None):
        assert at(jonas, address).refused("list_projects").code == "unauthenticated"
    assert [row["address"] for row in written(turbo, "key_refused")] == ["192.0.2.1", "192.0.2.2", None]
    assert written(turbo, "key_refused")[0]["details"] == {"reason": "revoked"}


def test_the_first_call_from_an_address_is_written_down_once(turbo: Turbo) -> None:
    for address in ("192.0.2.1", "2001:db8::1", "192.0.2.1", None):
        at(turbo.ada, address).call("list_projects")
    assert [row["address"] for row in written(turbo, "key_new_address")] == ["192.0.2.1", "2001:db8::1"]
    row = written(turbo, "key_new_address")[0]
    assert (row["machine"], row["session"], row["key_id"]) == ("laptop", "session-1", row["about_key_id"])


def test_a_process_that_starts_anew_knows_the_addresses_of_the_one_before(turbo: Turbo) -> None:
    ada = at(turbo.ada, "192.0.2.1")
    ada.call("list_projects")
    turbo.runner = replace(turbo.runner, authenticator=Identity())
    ada.call("list_projects")
    assert len(written(turbo, "key_new_address")) == 1
    with turbo.counting() as statements:
        ada.call("list_projects")
    assert not [text for text in statements if "audit" in text], "what is known costs no statement"


@pytest.fixture
def busy(turbo: Turbo) -> Person:
    """Things that two people did to items, from several machines; answers the second."""
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first")
    jonas = at(turbo.person("jonas", machine="desk", session="s-2"), "192.0.2.9")
    jonas.call("update_issue", key="TURBO-1", title="second")
    jonas.call("add_comment", key="TURBO-1", text="secret words")
    return jonas


def actions(turbo: Turbo, **filters: object) -> list[str]:
    """Oldest first."""
    return [row["action"] for row in reversed(turbo.call("read_audit", **filters)["items"])]


def test_everything_that_happened_is_read_in_one_order(turbo: Turbo, busy: Person) -> None:
    assert actions(turbo) == [
        "key_created", "created", "created", "key_created", "key_new_address", "updated", "commented",
    ]  # fmt: skip
    newest = turbo.call("read_audit", limit=1)["items"][0]
    assert {name: value for name, value in newest.items() if name != "at"} == {
        "action": "commented", "by": "jonas", "key": "TURBO-1", "machine": "desk", "session": "s-2",
        "api_key": key_id(turbo, busy),
    }  # fmt: skip
    assert "secret words" not in json.dumps(turbo.call("read_audit")), "it tells that something was said, not what"


def test_every_filter_narrows_and_they_combine(turbo: Turbo, busy: Person) -> None:
    jonas = ["key_created", "key_new_address", "updated", "commented"]
    number = str(key_id(turbo, busy))
    assert actions(turbo, account="jonas") == jonas
    assert actions(turbo, key=number) == actions(turbo, key=f"#{number}") == jonas
    assert actions(turbo, machine="desk") == actions(turbo, session="s-2") == jonas[1:]
    assert actions(turbo, action="key_created") == ["key_created", "key_created"]
    assert actions(turbo, key="turbo-1") == ["created", "updated", "commented"]
    assert actions(turbo, key="TURBO-1", account="me") == ["created"]
    assert len(actions(turbo, since="24h")) == 7
    assert actions(turbo, since="2099-01-01") == []
    for wrong, code in (({"key": "TURBO-9"}, "issue_not_found"), ({"account": "nobody"}, "person_not_found"),
                        ({"since": "lately"}, "invalid_arguments"), ({"key": "?"}, "invalid_arguments"),
                        ({"cursor": "x"}, "invalid_cursor")):  # fmt: skip
        assert turbo.refused("read_audit", **wrong).code == code


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_hold_everything_once_also_what_has_the_same_moment(turbo: Turbo, busy: Person, limit: int) -> None:
    async def same_moment(db: Any) -> None:
        for table in ("events", "audit"):
            await db.fetch(sql(f"update {table} set created_at = $1 where id > 1 returning id"), datetime.now(UTC))

    turbo.run(turbo.with_database(same_moment))
    whole, seen, cursor = turbo.call("read_audit")["items"], [], None
    while cursor != "":
        page = turbo.call("read_audit", limit=limit, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page.get("next_cursor", "")
    assert seen == whole
    assert len(whole) == 7


def test_a_page_of_long_names_stays_readable_and_the_next_goes_on(turbo: Turbo, busy: Person) -> None:
    session = replace(turbo.ada, caller=replace(turbo.ada.caller, session="s" * 100, machine="m" * 100))
    for _ in range(100):
        session.call("add_comment", key="TURBO-1", text="x")
    page = turbo.call("read_audit", limit=100)
    assert len(json.dumps(page)) <= 20_000
    rest = turbo.call("read_audit", limit=100, cursor=page["next_cursor"])
    assert len({row["at"] for row in page["items"]} & {row["at"] for row in rest["items"]}) <= 1
    assert rest["items"]


def test_the_operator_reads_it_on_the_command_line(
    turbo: Turbo, busy: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", turbo.settings.database_url)

    def audit(*words: str) -> tuple[int, str, str]:
        status = run(["audit", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    status, out, _ = audit()
    lines = out.splitlines()
    assert (status, len(lines)) == (0, 8)
    assert lines[0].split() == ["when", "(UTC)", "who", "action", "what", "key", "machine", "session", "address"]
    assert lines[1].split()[2:] == ["jonas", "commented", "TURBO-1", str(key_id(turbo, busy)), "desk", "s-2", "-"]
    assert "(server)" in lines[-1]
    assert "name=test" in lines[-1]
    _, out, _ = audit("--json", "--account", "jonas", "--limit", "0")
    assert [json.loads(line)["action"] for line in out.splitlines()] == [
        "commented", "updated", "key_new_address", "key_created",
    ]  # fmt: skip
    assert audit("--json", "--limit", "2")[1].count("\n") == 2
    assert audit("--action", "key_revoked", "--since", "7d")[1:] == ("", "Nothing of that has happened.\n")
    assert len(audit("--machine", "desk", "--session", "s-2", "--key", str(key_id(turbo, busy)))[1].splitlines()) == 4
    for wrong in (("--since", "lately"), ("--account", "jona")):
        status, out, said = audit(*wrong)
        assert (status, out) == (2, "")
        assert "jonas" in said or "--since must be" in said


def test_what_a_name_holds_moves_no_terminal(
    turbo: Turbo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", turbo.settings.database_url)
    turbo.run(turbo.with_database(lambda db: Identity().create_key(db, "ev\x1b[2Jil", "a\u202eb\x07")))
    assert run(["audit"]) == 0
    assert not {"\x1b", "\u202e", "\x07"} & set(capsys.readouterr().out)


def granted(turbo: Turbo, grant: Grant) -> str:
    return turbo.run(turbo.with_database(lambda db: Identity().create_key(db, "ada", "x", grant))).token


def test_only_an_administrators_key_sees_and_calls_it(turbo: Turbo) -> None:
    for scope in (Scope.READ, Scope.WRITE):
        token = granted(turbo, Grant(scope, usual(datetime.now(UTC))))
        refused = replace(turbo.ada, token=token).refused("read_audit")
        assert (refused.status, refused.code) == (403, "scope_missing")
        assert b"read_audit" not in Catalogue().listing_of(TOOLSET_NAMES, scope)
    assert b"read_audit" in Catalogue().listing_of(TOOLSET_NAMES, Scope.ADMIN)
    limited = granted(turbo, Grant(Scope.ADMIN, usual(datetime.now(UTC)), project_ids=frozenset()))
    assert "limited to projects" in replace(turbo.ada, token=limited).refused("read_audit").message


def test_all_that_a_key_goes_through_is_told_with_who_did_it(turbo: Turbo) -> None:
    ada = at(turbo.ada, "192.0.2.1")
    tools = {each.tool.name: each.tool for each in ENDPOINTS}

    def keys(person: Person, verb: str, /, **given: object) -> dict[str, Any]:
        body = json.dumps(given).encode()
        answer = turbo.run(turbo.runner.answer_endpoint(tools[verb], body, person.token, person.caller))
        assert answer.status == 200, answer.body
        found: dict[str, Any] = json.loads(answer.body)
        return found

    made = keys(ada, "make_key", name="laptop", machine="desk")
    keys(ada, "rename_key", id=made["id"], name="table")
    machine = replace(ada, token=made["key"])
    renewed = replace(ada, token=keys(machine, "rotate_key")["key"])
    renewed.call("list_projects")
    keys(ada, "revoke_key", id=made["id"])
    assert renewed.refused("list_projects").code == "unauthenticated"
    rows = list(reversed(turbo.call("read_audit", key=str(made["id"]))["items"]))
    assert [row["action"] for row in rows] == [
        "key_created", "key_renamed", "key_new_address", "key_rotated", "key_renewed", "key_revoked", "key_refused",
    ]  # fmt: skip
    assert {row["by"] for row in rows} == {"ada"}
    assert {row["address"] for row in rows} == {"192.0.2.1"}
    assert rows[1]["details"] == {"before": "laptop", "after": "table"}
    assert rows[-1]["details"] == {"reason": "revoked"}
    everything = json.dumps(rows)
    assert not any(secret in everything for secret in (made["key"], renewed.token, made["key"][-6:]))


def test_an_expired_key_is_refused_and_told(turbo: Turbo) -> None:
    grant = Grant(Scope.READ, Lifetime(datetime.now(UTC) - timedelta(days=1)))
    token = granted(turbo, grant)
    assert at(replace(turbo.ada, token=token), "192.0.2.3").refused("list_projects").code == "key_expired"
    (row,) = written(turbo, "key_refused")
    assert (row["details"], row["address"]) == ({"reason": "expired"}, "192.0.2.3")
