"""Who is told: two owners, of whom one has a project to herself."""

from collections.abc import Iterator

import pytest

from tests.server.harness import Turbo
from tests.server.hook_calls import PATH, make
from tests.server.receiver import Receiver, receiver
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope


@pytest.fixture
def somebody() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def test_a_private_project_is_told_to_those_who_see_it_alone(turbo: Turbo, somebody: Receiver) -> None:
    bob = turbo.person("bob", role=Role.OWNER)
    with receiver() as bobs:
        make(turbo.ada, somebody)
        make(bob, bobs)
        _work_in_private(turbo)
        turbo.catch_up()
        assert "hush" in str(somebody.told)
        assert "hush" not in str(bobs.told)
        assert "SECRET" not in str(bobs.told)
        assert sorted(each["data"]["key"] for each in bobs.told) == ["OPEN", "OPEN-1"]


def test_what_became_private_is_not_sent_any_more(turbo: Turbo, somebody: Receiver) -> None:
    bob = turbo.person("bob", role=Role.OWNER)
    turbo.call("create_project", key="SECRET", name="soon")
    make(bob, somebody)
    turbo.call("create_issue", project="SECRET", title="hush")
    turbo.run(turbo.background.pump.catch_up())
    turbo.ada.ask("POST", "/v1/access", project="SECRET", private=True)
    turbo.catch_up()
    assert somebody.bodies == []


def test_an_owner_who_is_one_no_more_is_told_nothing(turbo: Turbo, somebody: Receiver) -> None:
    bob = turbo.person("bob", role=Role.OWNER)
    make(bob, somebody)
    turbo.ada.ask("POST", "/v1/people", name="bob", role="member")
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.catch_up()
    assert somebody.bodies == []
    assert "no owner" in turbo.ada.ask("GET", PATH)["items"][0]["paused"]


def test_a_key_for_one_project_makes_webhooks_for_that_one(turbo: Turbo, somebody: Receiver) -> None:
    for key in ("TURBO", "OTHER"):
        turbo.call("create_project", key=key, name=key)
    limited = turbo.person("ada", Grant(Scope.ADMIN, NEVER), ("TURBO",))
    wide = make(turbo.ada, somebody, actions=["updated"])
    made = make(limited, somebody)
    for key in ("TURBO", "OTHER"):
        turbo.call("create_issue", project=key, title="x")
    turbo.catch_up()
    assert [each["data"]["key"] for each in somebody.told] == ["TURBO-1"]
    assert [each["id"] for each in limited.ask("GET", PATH)["items"]] == [made["id"]]
    with pytest.raises(Exception, match="no webhook"):
        limited.ask("DELETE", PATH, id=wide["id"])


def _work_in_private(turbo: Turbo) -> None:
    turbo.call("create_project", key="SECRET", name="hush")
    turbo.ada.ask("POST", "/v1/access", project="SECRET", private=True)
    turbo.call("create_issue", project="SECRET", title="hush")
    turbo.call("create_project", key="OPEN", name="open")
    turbo.call("create_issue", project="OPEN", title="open")


def test_another_workspaces_webhooks_are_not_there(turbo: Turbo, somebody: Receiver) -> None:
    made = make(turbo.ada, somebody)
    fay = turbo.person("fay", workspace="elsewhere")
    assert fay.ask("GET", PATH)["items"] == []
    for method, verb in (("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries"), ("POST", "/redeliver")):
        with pytest.raises(Exception, match="webhook_not_found"):
            fay.ask(method, f"{PATH}{verb}", id=made["id"])
    fay.call("create_project", key="FAR", name="Far")
    turbo.catch_up()
    assert somebody.bodies == []
