"""Keys that are not valid: refused more shortly from an address that tries many, and never to a valid key's harm."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.server.clock import Clock
from tests.server.harness import Person, Turbo
from tests.server.test_limits import HERE, ON_ONE, code_of, read
from turbo_server.account.token import mint


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock, bad_keys_per_minute=20) as turbo:
        yield turbo


def with_key(person: Person, token: str, address: str = HERE) -> Person:
    return replace(person, token=token, caller=replace(person.caller, address=address))


def bad_keys(turbo: Turbo) -> dict[str, Callable[[], str]]:
    return {"malformed": lambda: "turbo_pat_x", "unknown": mint}


@pytest.mark.parametrize("kind", ["malformed", "unknown"])
def test_a_valid_key_is_never_refused_for_bad_ones(limited: Turbo, kind: str) -> None:
    make = bad_keys(limited)[kind]
    answers = [read(with_key(limited.ada, make())) for _ in range(1_000)]
    assert [answer.status for answer in answers] == [401] * 20 + [429] * 980
    assert {code_of(answer) for answer in answers[20:]} == {"too_many_bad_keys"}
    assert answers[-1].headers["Retry-After"] == "3"
    assert read(with_key(limited.ada, limited.ada.token)).status == 200
    assert limited.run(limited.runner.identify(limited.ada.token, with_key(limited.ada, "x").caller)).name == "ada"


@ON_ONE
def test_bad_keys_from_elsewhere_are_refused_as_ever(limited: Turbo) -> None:
    for address in [HERE] * 30 + ["2001:db8::1"] * 30:
        last = read(with_key(limited.ada, "turbo_pat_x", address))
    assert last.status == 429
    assert read(with_key(limited.ada, "turbo_pat_x", "203.0.113.8")).status == 401
    assert read(with_key(limited.ada, "turbo_pat_x", "2001:db8::ffff")).status == 429, "one network, one caller"
    assert read(with_key(limited.ada, "turbo_pat_x", "2001:db8:0:1::1")).status == 401


@ON_ONE
def test_a_missing_key_is_no_attempt(limited: Turbo) -> None:
    nobody = with_key(limited.ada, "")
    assert {read(nobody).status for _ in range(50)} == {401}


@ON_ONE
def test_garbage_never_wakes_the_database(limited: Turbo) -> None:
    with limited.counting() as statements:
        for _ in range(100):
            read(with_key(limited.ada, "turbo_pat_x"))
    assert statements == []


def test_another_server_hears_of_keys_that_nobody_has(limited: Turbo, clock: Clock, database_url: str) -> None:
    for _ in range(20):
        read(with_key(limited.ada, mint()))
    with Turbo(database_url, clock, bad_keys_per_minute=20) as other:
        answers = [read(with_key(replace(limited.ada, turbo=other), mint())) for _ in range(4)]
    assert [answer.status for answer in answers] == [401, 401, 429, 429]
