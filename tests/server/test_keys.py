"""What a key may do, how long, and how it is made, rotated and ended: by the key itself and those beside it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.account import key_store, key_tools
from turbo_server.account.grants import DAYS, NEVER, Grant, Lifetime, until_day, usual
from turbo_server.account.identity import Identity
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Tool
from turbo_server.migrations.schema import metadata

START = datetime.now(UTC)
ENDS: dict[str, Callable[[datetime], Lifetime]] = {
    "never": lambda _now: NEVER,
    "renewable": usual,
    "in 30 days": lambda now: until_day(now, 30),
}


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock) as server:
        yield server


def ask(turbo: Turbo, token: str, verb: Tool, **arguments: object) -> dict[str, Any]:
    caller = turbo.ada.with_key(str(uuid4())).caller
    answer = turbo.run(turbo.runner.answer_endpoint(verb, json.dumps(arguments).encode(), token, caller))
    if answer.status != 200:
        raise ToolFailed(answer)
    result: dict[str, Any] = json.loads(answer.body)
    return result


def code_of(turbo: Turbo, token: str, verb: Tool = key_tools.list_keys, **arguments: object) -> str:
    """`ok`, or the code of the refusal."""
    try:
        ask(turbo, token, verb, **arguments)
    except ToolFailed as failure:
        return failure.code
    return "ok"


def actor_of(turbo: Turbo, token: str) -> Actor:
    return turbo.run(turbo.runner.identify(token, turbo.ada.caller))


def key_of(turbo: Turbo, scope: Scope = Scope.ADMIN, lifetime: Lifetime = NEVER, *projects: str) -> Person:
    return turbo.person("ada", Grant(scope, lifetime), projects)


def test_a_key_makes_keys_of_its_own_scope_or_less(turbo: Turbo) -> None:
    for giver in Scope:
        token = key_of(turbo, giver).token
        assert ask(turbo, token, key_tools.make_key)["scope"] == giver
        for wanted in Scope:
            code = code_of(turbo, token, key_tools.make_key, scope=wanted.upper())
            assert code == ("ok" if giver.includes(wanted) else "key_too_wide"), (giver, wanted)


@pytest.mark.parametrize(
    ("giver", "days", "lasts", "is_renewable"),
    [
        ("never", None, DAYS, True), ("never", 10, 10, False), ("never", 366, 366, False),
        ("renewable", None, DAYS, True), ("renewable", 10, 10, False), ("renewable", 366, DAYS, False),
        ("in 30 days", None, 30, False), ("in 30 days", 10, 10, False), ("in 30 days", 366, 30, False),
    ],
)  # fmt: skip
def test_a_key_makes_none_that_lasts_longer_than_itself(
    turbo: Turbo, clock: Clock, giver: str, days: int | None, lasts: int, is_renewable: bool
) -> None:
    token = key_of(turbo, Scope.WRITE, ENDS[giver](clock.now)).token
    made = ask(turbo, token, key_tools.make_key, **({"days": days} if days else {}))
    until = actor_of(turbo, made["key"]).key_expires_at
    assert until is not None
    assert (until - clock.now, made["is_renewable"]) == (timedelta(days=lasts), is_renewable)


def test_a_key_makes_none_that_sees_more_projects_than_itself(turbo: Turbo) -> None:
    for key in ("WEB", "APP", "OPS"):
        turbo.call("create_project", key=key, name=key)
    limited = key_of(turbo, Scope.WRITE, NEVER, "web", "APP").token
    both = actor_of(turbo, limited).only_projects
    assert both is not None
    assert len(both) == 2
    assert actor_of(turbo, ask(turbo, limited, key_tools.make_key)["key"]).only_projects == both
    less = actor_of(turbo, ask(turbo, limited, key_tools.make_key, projects="web")["key"]).only_projects
    assert less is not None
    assert less < both
    assert code_of(turbo, limited, key_tools.make_key, projects=["WEB", "OPS"]) == "project_not_found"
    assert code_of(turbo, limited, key_tools.make_key, projects=[]) == "invalid_arguments"
    assert actor_of(turbo, turbo.ada.token).only_projects is None
    own = next(row for row in ask(turbo, limited, key_tools.list_keys)["items"] if row["is_current"])
    assert own["projects"] == ["APP", "WEB"]


def test_a_list_whose_projects_are_gone_opens_nothing(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    token = key_of(turbo, Scope.WRITE, NEVER, "WEB").token
    turbo.run(turbo.with_database(lambda db: db.fetch(sql("delete from key_projects returning key_id"))))
    assert actor_of(turbo, token).only_projects == frozenset()


def test_an_unknown_project_makes_no_key(turbo: Turbo) -> None:
    with pytest.raises(Exception, match="no project NONE"):
        key_of(turbo, Scope.WRITE, NEVER, "NONE")
    assert len(ask(turbo, turbo.ada.token, key_tools.list_keys)["items"]) == 1


def test_an_expired_key_says_so_and_what_to_do(turbo: Turbo, clock: Clock) -> None:
    token = key_of(turbo, Scope.WRITE, until_day(clock.now, 1)).token
    clock.forward(days=1, seconds=-1)
    assert code_of(turbo, token) == "ok"
    clock.forward(seconds=1)
    with pytest.raises(ToolFailed) as failure:
        ask(turbo, token, key_tools.list_keys)
    assert (failure.value.status, failure.value.code) == (401, "key_expired")
    assert clock.now.date().isoformat() in failure.value.message
    assert "turbo-client login" in failure.value.hint


def test_a_new_secret_takes_over_when_it_is_used_and_the_old_one_has_a_day(turbo: Turbo, clock: Clock) -> None:
    old = key_of(turbo, Scope.WRITE, usual(clock.now)).token
    clock.forward(days=80)
    new = ask(turbo, old, key_tools.rotate_key)["key"]
    clock.forward(days=5)
    assert code_of(turbo, old) == "ok"  # nobody used the new one: nothing has begun
    assert code_of(turbo, new) == "ok"
    actor = actor_of(turbo, new)
    assert actor.key_expires_at == clock.now + timedelta(days=DAYS)
    assert actor.key_id == actor_of(turbo, old).key_id
    assert code_of(turbo, old, key_tools.rotate_key) == "key_replaced"
    clock.forward(hours=24)
    assert (code_of(turbo, old), code_of(turbo, new)) == ("key_expired", "ok")


def test_a_lost_answer_to_a_rotation_costs_nothing(turbo: Turbo) -> None:
    old = key_of(turbo, Scope.READ).token
    lost = ask(turbo, old, key_tools.rotate_key)["key"]
    new = ask(turbo, old, key_tools.rotate_key)["key"]
    assert [code_of(turbo, token) for token in (lost, old, new, old)] == ["unauthenticated", "ok", "ok", "ok"]


def test_an_end_that_was_set_is_not_moved_by_a_rotation(turbo: Turbo, clock: Clock) -> None:
    lifetime = until_day(clock.now, 30)
    old = key_of(turbo, Scope.WRITE, lifetime).token
    new = ask(turbo, old, key_tools.rotate_key)["key"]
    assert actor_of(turbo, new).key_expires_at == lifetime.expires_at


def test_the_operator_rotates_at_once(turbo: Turbo, clock: Clock) -> None:
    old = key_of(turbo, Scope.WRITE, usual(clock.now)).token
    key_id = actor_of(turbo, old).key_id
    new = turbo.run(turbo.with_database(lambda db: Identity().rotate(db, key_id, clock.now)))
    assert new is not None
    clock.forward(hours=24)
    assert (code_of(turbo, old), code_of(turbo, new)) == ("key_expired", "ok")
    assert turbo.run(turbo.with_database(lambda db: Identity().rotate(db, 999, clock.now))) is None


def test_a_revocation_ends_every_secret_of_a_key_at_once(turbo: Turbo) -> None:
    first = key_of(turbo).token
    second = ask(turbo, first, key_tools.rotate_key)["key"]
    assert code_of(turbo, second) == "ok"
    third = ask(turbo, second, key_tools.rotate_key)["key"]
    assert ask(turbo, second, key_tools.revoke_key, id=actor_of(turbo, second).key_id)["revoked"] is True
    assert [code_of(turbo, token) for token in (first, second, third)] == ["unauthenticated"] * 3


def test_a_key_sees_renames_and_ends_only_what_may_do_no_more(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    admin, write, read = (key_of(turbo, scope).token for scope in (Scope.ADMIN, Scope.WRITE, Scope.READ))
    limited = key_of(turbo, Scope.WRITE, NEVER, "WEB").token
    foreign = turbo.person("ben", Grant(Scope.READ, NEVER)).token
    ids = {token: actor_of(turbo, token).key_id for token in (admin, write, read, limited, foreign)}
    for asking, may in ((admin, {admin, write, read, limited}), (write, {write, read, limited}), (read, {read}),
                        (limited, {limited}), (foreign, {foreign})):  # fmt: skip
        listed = {row["id"] for row in ask(turbo, asking, key_tools.list_keys)["items"]} & set(ids.values())
        assert listed == {ids[token] for token in may}
        for token, key_id in ids.items():
            code = code_of(turbo, asking, key_tools.rename_key, id=key_id, name="mine")
            assert code == ("ok" if token in may else "key_not_found")
            if token not in may:
                assert code_of(turbo, asking, key_tools.revoke_key, id=key_id) == "key_not_found"
    assert code_of(turbo, write, key_tools.revoke_key, id=ids[read]) == "ok"
    assert code_of(turbo, read) == "unauthenticated"


async def _all_of(table: str, db: Connection) -> list[Row]:
    return await db.fetch(sql(f"select * from {table}"))


def test_no_secret_is_kept_anywhere(turbo: Turbo) -> None:
    made = ask(turbo, turbo.ada.token, key_tools.make_key, machine="laptop")
    secrets = [turbo.ada.token, made["key"], ask(turbo, made["key"], key_tools.rotate_key)["key"]]
    for table in metadata.sorted_tables:
        rows = turbo.run(turbo.with_database(partial(_all_of, table.name)))
        text = repr([tuple(row[name] for name in row.keys()) for row in rows])  # noqa: SIM118 - driver rows
        assert not any(secret in text for secret in secrets), table.name
    assert not any(secret in repr(actor_of(turbo, secret)) for secret in secrets)


def test_a_person_has_a_hundred_keys_at_most(turbo: Turbo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_tools, "MOST_KEYS", 3)
    codes = [code_of(turbo, turbo.ada.token, key_tools.make_key) for _ in range(3)]
    assert codes == ["ok", "ok", "too_many_keys"]


def test_a_key_says_when_it_had_better_be_renewed(turbo: Turbo, clock: Clock) -> None:
    renewable = key_of(turbo, Scope.WRITE, usual(clock.now))
    fixed = key_of(turbo, Scope.WRITE, until_day(clock.now, 90))
    for day, due in ((0, False), (59, False), (61, True)):
        clock.now = START + timedelta(days=day)
        header = renewable.answer("list_projects", b"{}").headers.get("Turbo-Key-Renewal")
        assert (header == "due") is due
        assert "Turbo-Key-Renewal" not in fixed.answer("list_projects", b"{}").headers


def test_a_call_asks_one_statement_of_keys_and_notes_its_use_each_quarter_of_an_hour(
    turbo: Turbo, clock: Clock
) -> None:
    turbo.call("list_projects")
    for minutes, noted in ((1, 0), (13, 0), (2, 1), (1, 0)):
        clock.forward(minutes=minutes)
        with turbo.counting() as statements:
            turbo.call("list_projects")
        about_keys = [statement for statement in statements if "api_keys" in statement]
        assert len(about_keys) == 1 + noted


def test_keys_made_with_a_key_are_found_and_ended_with_it(turbo: Turbo, clock: Clock) -> None:
    first = key_of(turbo).token
    second = ask(turbo, first, key_tools.make_key)["key"]
    third = ask(turbo, second, key_tools.make_key)["key"]
    key_id = actor_of(turbo, first).key_id
    made = turbo.run(turbo.with_database(lambda db: key_store.made_by(db, key_id)))
    assert made == [actor_of(turbo, token).key_id for token in (second, third)]
    turbo.run(turbo.with_database(lambda db: key_store.revoke(db, key_id, clock.now, with_made=True)))
    assert {code_of(turbo, token) for token in (first, second, third)} == {"unauthenticated"}
    assert code_of(turbo, turbo.ada.token) == "ok"
