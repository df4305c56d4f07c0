"""Keys beyond the one that asks: a new secret for another, and what an owner sees and ends of everybody's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.server.harness import Turbo
from tests.server.key_calls import Clock, actor_of, ask, code_of, key_of
from tests.server.test_keys import ENDS
from tests.server.test_rest import Web
from turbo_server.account import key_tools
from turbo_server.account.grants import NEVER, Grant, Lifetime, until_day, usual
from turbo_server.kit.context import Caller
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock) as server:
        yield server


def id_of(turbo: Turbo, token: str) -> int:
    return actor_of(turbo, token).key_id


def listed(turbo: Turbo, token: str, **arguments: object) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in ask(turbo, token, key_tools.list_keys, **arguments)["items"]}


def test_another_key_gets_a_new_secret_that_takes_over_when_it_is_used(turbo: Turbo, clock: Clock) -> None:
    machine = key_of(turbo, Scope.WRITE, usual(clock.now)).token
    new = ask(turbo, turbo.ada.token, key_tools.rotate_key, id=id_of(turbo, machine))["key"]
    assert code_of(turbo, machine) == "ok"  # nobody used the new one yet
    assert actor_of(turbo, new).key_id == actor_of(turbo, machine).key_id
    assert actor_of(turbo, new).scope is Scope.WRITE
    clock.forward(days=1)
    assert [code_of(turbo, token) for token in (machine, new)] == ["key_expired", "ok"]


OUTLASTING = {
    "never": set(),
    "renewable": {"never", "in 100 days"},
    "in 30 days": {"never", "renewable", "in 100 days"},
}


@pytest.mark.parametrize("asking", OUTLASTING)
def test_no_key_gets_the_secret_of_one_that_lasts_longer(turbo: Turbo, clock: Clock, asking: str) -> None:
    ends: dict[str, Callable[[datetime], Lifetime]] = {
        **ENDS,
        "in 100 days": lambda now: until_day(now, 100),
        "in 20 days": lambda now: until_day(now, 20),
    }
    token = key_of(turbo, Scope.WRITE, ends[asking](clock.now)).token
    for name, end in ends.items():
        other = key_of(turbo, Scope.WRITE, end(clock.now)).token
        code = code_of(turbo, token, key_tools.rotate_key, id=id_of(turbo, other))
        assert code == ("key_too_lasting" if name in OUTLASTING[asking] else "ok"), name


def test_no_key_gets_the_secret_of_one_that_may_more_or_is_anothers(turbo: Turbo, clock: Clock) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_project", key="APP", name="App")
    writer, limited = key_of(turbo, Scope.WRITE).token, key_of(turbo, Scope.WRITE, NEVER, "WEB").token
    for token, other in (
        (writer, turbo.ada.token), (limited, writer), (limited, key_of(turbo, Scope.READ, NEVER, "APP").token),
        (turbo.ada.token, turbo.person("jonas").token),
        (turbo.ada.token, turbo.person("fay", workspace="elsewhere").token),
    ):  # fmt: skip
        assert code_of(turbo, token, key_tools.rotate_key, id=id_of(turbo, other)) == "key_not_found"
        assert code_of(turbo, other) == "ok"
    ended = key_of(turbo, Scope.WRITE, until_day(clock.now, 1)).token
    number = id_of(turbo, ended)
    clock.forward(days=1)
    assert code_of(turbo, turbo.ada.token, key_tools.rotate_key, id=number) == "key_over"


def test_an_owner_sees_and_ends_the_keys_of_everybody(turbo: Turbo) -> None:
    jonas = turbo.person("jonas").token
    fay = turbo.person("fay", workspace="elsewhere").token
    number = id_of(turbo, jonas)
    assert set(listed(turbo, turbo.ada.token)) == {id_of(turbo, turbo.ada.token)}
    everybodys = listed(turbo, turbo.ada.token, everyone=True)
    assert {row["person"] for row in everybodys.values()} == {"ada", "jonas"}
    assert everybodys[number]["is_current"] is False
    assert code_of(turbo, turbo.ada.token, key_tools.rename_key, id=number, name="x") == "key_not_found"
    assert code_of(turbo, turbo.ada.token, key_tools.revoke_key, id=id_of(turbo, fay)) == "key_not_found"
    assert ask(turbo, turbo.ada.token, key_tools.revoke_key, id=number)["revoked"] is True
    assert [code_of(turbo, token) for token in (jonas, fay)] == ["unauthenticated", "ok"]


def test_nobody_else_sees_or_ends_the_keys_of_others(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    number = id_of(turbo, turbo.ada.token)
    for other in (
        turbo.person("jonas", Grant(Scope.ADMIN, NEVER)).token,
        turbo.person("ivy", Grant(Scope.WRITE, NEVER), role=Role.OWNER).token,
        turbo.person("ivy", Grant(Scope.ADMIN, NEVER), ("WEB",)).token,
        turbo.person("vera", Grant(Scope.ADMIN, NEVER), role=Role.VIEWER).token,
    ):
        assert code_of(turbo, other, key_tools.list_keys, everyone=True) == "not_an_owner"
        assert code_of(turbo, other, key_tools.revoke_key, id=number) == "key_not_found"
    assert code_of(turbo, turbo.ada.token) == "ok"


def test_the_list_of_everybodys_keys_names_no_project_that_its_reader_does_not_see(turbo: Turbo) -> None:
    ivy = turbo.person("ivy", role=Role.OWNER)
    for key in ("OPEN", "VEIL"):
        ivy.call("create_project", key=key, name=key)
    ivy.ask("POST", "/v1/access", project="VEIL", private=True)
    number = id_of(turbo, turbo.person("ivy", Grant(Scope.WRITE, NEVER), ("OPEN", "VEIL")).token)
    assert listed(turbo, turbo.ada.token, everyone=True)[number]["projects"] == ["OPEN"]
    assert listed(turbo, ivy.token)[number]["projects"] == ["OPEN", "VEIL"]


def test_the_list_tells_which_client_used_a_key_last(turbo: Turbo, clock: Clock) -> None:
    key = key_of(turbo)
    for version, told in (("1.2.3", "1.2.3"), (None, "1.2.3"), ("1.3.0rc1", "1.3.0rc1")):
        clock.forward(minutes=16)
        turbo.run(turbo.runner.identify(key.token, Caller(client_version=version)))
        assert listed(turbo, turbo.ada.token)[id_of(turbo, key.token)]["client_version"] == told


@pytest.mark.parametrize(("header", "told"), [("1.3.0rc1+debian", "1.3.0rc1+debian"), ("<b>1</b>", None), (None, None)])
def test_the_client_says_its_version_in_a_header(turbo: Turbo, header: str | None, told: str | None) -> None:
    web, token = Web(turbo), key_of(turbo).token
    headers = {"Authorization": f"Bearer {token}", **({"Turbo-Client-Version": header} if header else {})}
    assert web("GET", "/v1/me", headers=headers).status_code == 200
    assert listed(turbo, turbo.ada.token)[id_of(turbo, token)].get("client_version") == told
    turbo.run(web.client.aclose())
