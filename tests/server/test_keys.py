"""What a key may do, how long, and how it is made, rotated and ended: by the key itself and those beside it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.server.harness import Turbo
from tests.server.key_calls import Clock, actor_of, ask, code_of, key_of
from turbo_server.account import key_store, key_tools
from turbo_server.account.grants import DAYS, NEVER, Grant, Lifetime, until_day, usual
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql
from turbo_server.migrations.schema import metadata

ENDS: dict[str, Callable[[datetime], Lifetime]] = {
    "never": lambda _now: NEVER,
    "renewable": usual,
    "in 30 days": lambda now: until_day(now, 30),
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock) as server:
        yield server


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
            if token not in may and (asking, token) != (admin, foreign):  # an owner's: see test_keys_overseen
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
