"""A team from its first invitation to the end of a membership: real client processes against a real server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doors.machines import Machine, is_accepted
from tests.server.live import LiveServer, turbo_server

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)


@pytest.fixture
def server(server: LiveServer) -> LiveServer:
    server.call("create_project", key="TURBO", name="Turbo")
    return server


@pytest.fixture
def ada(server: LiveServer, machine: Callable[[str], Machine]) -> Machine:
    first = machine("ada's desk")
    first.login(server.key)
    return first


def test_an_invitation_lets_somebody_in_and_its_end_lets_nobody_stay(
    ada: Machine, server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    invited = ada.run("people", "invite", "jonas", "--role", "viewer")
    assert invited.returncode == 0, invited.stderr
    invitation = invited.stdout.strip()
    assert invitation.startswith("turbo_inv_")
    assert invitation not in invited.stderr
    jonas, late = machine("jonas' laptop"), machine("late")
    told = jonas.login(invitation).stderr
    assert "you joined as viewer" in told
    assert "as jonas (workspace personal)" in told
    assert invitation not in Path(jonas.home["HOME"], ".config/turbo/credentials.json").read_text()
    again = late.run("login", "--with-token", "--insecure-storage", "--url", server.url, stdin=invitation)
    assert again.returncode != 0
    assert "This invitation is not valid" in again.stderr
    refused = jonas.run("call", "create_issue", "project=TURBO", "title=x")
    assert "jonas is a viewer" in refused.stderr + refused.stdout or "no tool" in refused.stderr
    assert ada.run("people", "role", "jonas", "member").returncode == 0
    assert "jonas  member" in ada.run("people").stdout
    removed = ada.run("people", "remove", "jonas")
    assert "keys ended: 1" in removed.stderr
    assert not is_accepted(server, jonas.key)


def test_a_private_project_is_known_to_its_people_only(ada: Machine, machine: Callable[[str], Machine]) -> None:
    jonas = machine("jonas' laptop")
    jonas.login(ada.run("people", "invite", "jonas").stdout.strip())
    assert ada.run("people", "access", "TURBO", "--private").stdout.startswith("TURBO: private to ")
    assert "TURBO" not in jonas.run("call", "list_projects", "--json").stdout
    assert ada.run("people", "access", "TURBO", "--add", "jonas").returncode == 0
    assert "TURBO" in jonas.run("call", "list_projects", "--json").stdout
    assert "open to all" in ada.run("people", "access", "TURBO", "--open").stdout


def test_the_servers_shell_invites_too_and_says_which_workspace(
    server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    made = turbo_server(server.environment, "keys", "create", "--name", "fay", "--workspace", "elsewhere")
    assert made.returncode == 0, made.stderr
    unclear = turbo_server(server.environment, "invite", "vera")
    assert "Say which: --workspace" in unclear.stderr
    invited = turbo_server(server.environment, "invite", "vera", "--workspace", "elsewhere")
    vera = machine("vera's")
    assert "(workspace elsewhere)" in vera.login(invited.stdout.strip()).stderr
    assert "TURBO" not in vera.run("call", "list_projects", "--json").stdout
