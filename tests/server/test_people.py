"""Who belongs to a workspace: roles, invitations, and the end of a membership."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.account.identity import Identity
from turbo_server.account.joining import InvitationRefused, Join, Joined, admitting
from turbo_server.account.token import INVITATION, mint
from turbo_server.kit.role import Role


def invited(turbo: Turbo, name: str, **more: object) -> str:
    token: str = turbo.ada.ask("POST", "/v1/invitations", name=name, **more)["invitation"]
    return token


def joining(turbo: Turbo, invitation: str, key: str, now: datetime | None = None) -> Any:
    moment = now or datetime.now(UTC)
    admit = admitting(Identity())
    return turbo.with_database(lambda db: admit(db, invitation, Join(key=key, machine="laptop"), moment))


def refused(turbo: Turbo, invitation: str, now: datetime | None = None) -> bool:
    try:
        turbo.run(joining(turbo, invitation, mint(), now))
    except InvitationRefused:
        return True
    return False


def roles(turbo: Turbo) -> dict[str, str]:
    return {each["name"]: each["role"] for each in turbo.ada.ask("GET", "/v1/people")["people"]}


def test_the_first_of_a_workspace_is_its_owner_and_others_are_members(turbo: Turbo) -> None:
    turbo.person("jonas")
    turbo.person("vera", role=Role.VIEWER)
    assert roles(turbo) == {"ada": "owner", "jonas": "member", "vera": "viewer"}


def test_a_viewer_reads_only_whatever_his_key_is_for(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    vera = turbo.person("vera", role=Role.VIEWER)
    assert vera.call("list_projects")["total"] == 1
    refusal = vera.refused("create_issue", project="TURBO", title="x")
    assert (refusal.status, refusal.code) == (403, "role_missing")
    assert "vera is a viewer" in refusal.message
    turbo.ada.ask("POST", "/v1/people", name="vera", role="member")
    assert vera.call("create_issue", project="TURBO", title="x")["key"] == "TURBO-1"


def test_the_last_owner_stays_one(turbo: Turbo) -> None:
    for method, more in (("POST", {"role": "member"}), ("DELETE", {})):
        with pytest.raises(Exception, match="last owner"):
            turbo.ada.ask(method, "/v1/people", name="ada", **more)
    turbo.person("jonas", role=Role.OWNER)
    assert turbo.ada.ask("POST", "/v1/people", name="me", role="viewer")["role"] == "viewer"


def test_of_two_owners_who_demote_each_other_one_stays(turbo: Turbo) -> None:
    jonas = turbo.person("jonas", role=Role.OWNER)

    async def both() -> None:
        endpoint = turbo.runner.answer_endpoint
        from turbo_server.account.people import change_role

        bodies = ((turbo.ada, b'{"name": "jonas", "role": "member"}'), (jonas, b'{"name": "ada", "role": "member"}'))
        await asyncio.gather(*(endpoint(change_role, body, who.token, who.caller) for who, body in bodies))

    turbo.run(both())
    assert sorted(roles(turbo).values()) == ["member", "owner"]


def test_whoever_is_removed_is_out_at_once_and_his_name_stays(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    jonas = turbo.person("jonas")
    jonas.call("create_issue", project="TURBO", title="Mine", assignee="me")
    gone = turbo.ada.ask("DELETE", "/v1/people", name="Jonas")
    assert gone == {"name": "jonas", "keys_ended": 1, "open_issues": 1}
    assert jonas.refused("list_projects").status == 401
    item = turbo.call("get_item", key="TURBO-1")
    assert (item["created_by"], item["assignee"]) == ("jonas", "jonas")
    assert turbo.call("list_issues", assignee="jonas")["total"] == 1
    refusal = turbo.refused("create_issue", project="TURBO", title="x", assignee="jonas")
    assert (refusal.code, refusal.hint) == ("person_gone", "People: ada.")
    assert roles(turbo) == {"ada": "owner"}


def test_an_invitation_becomes_the_key_of_whom_it_names(turbo: Turbo) -> None:
    token = invited(turbo, "vera", role="viewer")
    assert turbo.ada.ask("GET", "/v1/people")["invited"][0]["name"] == "vera"
    key = mint()
    joined: Joined = turbo.run(joining(turbo, token, key))
    assert (joined.name, joined.role, joined.workspace) == ("vera", "viewer", "personal")
    assert turbo.run(joining(turbo, token, key)) == joined  # an answer that got lost
    assert refused(turbo, token)
    assert roles(turbo)["vera"] == "viewer"
    assert "invited" not in turbo.ada.ask("GET", "/v1/people")


def test_of_32_who_use_one_invitation_one_joins(turbo: Turbo) -> None:
    token = invited(turbo, "vera")

    async def all_at_once() -> list[Any]:
        return list(await asyncio.gather(*(joining(turbo, token, mint()) for _ in range(32)), return_exceptions=True))

    outcomes = turbo.run(all_at_once())
    assert sum(isinstance(each, Joined) for each in outcomes) == 1
    assert sum(isinstance(each, InvitationRefused) for each in outcomes) == 31


def test_an_invitation_ends_by_time_by_a_newer_one_and_by_hand(turbo: Turbo) -> None:
    week = datetime.now(UTC) + timedelta(days=7, seconds=5)
    assert refused(turbo, invited(turbo, "late"), week)
    old, new = invited(turbo, "twice"), invited(turbo, "Twice")
    assert refused(turbo, old)
    withdrawn = turbo.ada.ask("DELETE", "/v1/people", name="twice")
    assert withdrawn == {"name": "twice", "invitation_withdrawn": True}
    assert refused(turbo, new)
    assert refused(turbo, mint(INVITATION))
    assert refused(turbo, "turbo_inv_x")


def test_an_invitation_is_no_way_into_what_is_somebodys_already(turbo: Turbo) -> None:
    token = invited(turbo, "vera")
    turbo.person("vera")
    assert refused(turbo, token)
    with pytest.raises(Exception, match="belongs to this workspace already"):
        invited(turbo, "VERA")


def test_somebody_who_was_removed_may_come_back_as_himself(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.person("jonas").call("create_issue", project="TURBO", title="Old")
    turbo.ada.ask("DELETE", "/v1/people", name="jonas")
    turbo.run(joining(turbo, invited(turbo, "Jonas", role="viewer"), mint()))
    assert roles(turbo)["jonas"] == "viewer"
    assert turbo.call("get_item", key="TURBO-1")["created_by"] == "jonas"


def test_only_the_hash_of_an_invitation_is_stored(turbo: Turbo) -> None:
    token = invited(turbo, "vera")

    async def everything(db: Any) -> str:
        from turbo_server.kit.sql import sql

        rows = await db.fetch(sql("select * from invitations"))
        kept = await db.fetch(sql("select body from idempotency_keys"))
        return str([[str(row[name]) for name in row.keys()] for row in (*rows, *kept)])  # noqa: SIM118

    turbo.ada.with_key("again").ask("POST", "/v1/invitations", name="other")
    stored = turbo.run(turbo.with_database(everything))
    assert token not in stored
    assert "turbo_inv_" not in stored


def test_a_project_that_nobody_is_left_to_see_goes_to_who_removes_its_last_member(turbo: Turbo) -> None:
    jonas = turbo.person("jonas", role=Role.OWNER)
    jonas.call("create_project", key="VEIL", name="x")
    jonas.ask("POST", "/v1/access", project="VEIL", private=True)
    assert turbo.refused("get_item", key="VEIL").status == 404
    assert turbo.ada.ask("DELETE", "/v1/people", name="jonas")["projects_handed_to_you"] == 1
    assert turbo.ada.ask("GET", "/v1/access", project="VEIL")["members"] == ["ada"]


def test_a_private_project_keeps_somebody_who_sees_it(turbo: Turbo) -> None:
    turbo.call("create_project", key="VEIL", name="x")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    with pytest.raises(Exception, match="Nobody would see VEIL"):
        turbo.ada.ask("POST", "/v1/access", project="VEIL", remove=["ada"])
    assert turbo.ada.ask("GET", "/v1/access", project="VEIL")["members"] == ["ada"]


def test_what_happens_to_people_is_told_in_the_audit(turbo: Turbo) -> None:
    turbo.run(joining(turbo, invited(turbo, "vera", role="viewer"), mint()))
    turbo.ada.ask("POST", "/v1/people", name="vera", role="member")
    turbo.ada.ask("DELETE", "/v1/people", name="vera")
    told = [each["action"] for each in turbo.call("read_audit")["items"] if each["action"] not in NOT_ABOUT_PEOPLE]
    assert told == ["person_removed", "role_changed", "person_joined", "person_invited"]


NOT_ABOUT_PEOPLE = {"key_created", "key_new_address"}
