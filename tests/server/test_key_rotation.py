"""Keys as time passes: their end, the new secret that takes over, the day of grace, and revocation of all of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.server.harness import ToolFailed, Turbo
from tests.server.key_calls import Clock, actor_of, ask, code_of, key_of
from turbo_server.account import key_tools
from turbo_server.account.grants import DAYS, until_day, usual
from turbo_server.account.identity import Identity
from turbo_server.kit.scope import Scope


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock) as server:
        yield server


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


def test_a_key_says_when_it_had_better_be_renewed(turbo: Turbo, clock: Clock) -> None:
    renewable = key_of(turbo, Scope.WRITE, usual(clock.now))
    fixed = key_of(turbo, Scope.WRITE, until_day(clock.now, 90))
    for days, due in ((0, False), (59, False), (2, True)):
        clock.forward(days=days)
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
