"""The audit: what happens to keys is written down with it, in its transaction."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.server.harness import Person, Turbo
from turbo_server.account.identity import Identity, revoke_key
from turbo_server.account.token import mint
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
    return turbo.run(turbo.with_database(lambda db: revoke_key(db, number, datetime.now(UTC))))


def test_a_key_that_is_made_is_written_down_without_its_secret(turbo: Turbo) -> None:
    jonas = turbo.person("jonas")
    row = written(turbo, "key_created")[-1]
    assert (row["about_key_id"], row["details"]) == (key_id(turbo, jonas), {"name": "test"})
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
