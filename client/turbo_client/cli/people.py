"""`turbo-client people`: who belongs to the workspace, and who sees a private project."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from turbo_client import people
from turbo_client.cli.exit_codes import EXPLAINED
from turbo_client.link import Link
from turbo_client.machine_keys import Ask
from turbo_client.terminal import out, say

SUMMARY = "List the people of your workspace; invite, change or remove one; make a project private."

_EXAMPLES = f"""\
examples:
  turbo-client people
  turbo-client people invite jonas                 shows a one-time key for `turbo-client login`
  turbo-client people invite vera --role viewer --days 2
  turbo-client people role jonas owner
  turbo-client people remove jonas                 ends his keys, or an invitation that was not used
  turbo-client people access TURBO                 who sees the project
  turbo-client people access TURBO --private --add jonas
  turbo-client people access TURBO --remove jonas
  turbo-client people access TURBO --open

An owner may do all of this, with a key of the scope admin; everybody may look.

{EXPLAINED}"""
_ROLES = ("owner", "member", "viewer")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--json", action="store_true", help="for programs")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    invite = actions.add_parser("invite", help="make a one-time key with which somebody joins")
    invite.add_argument("name", metavar="NAME", help="what the person is called here")
    invite.add_argument("--role", choices=_ROLES, default="member", help="member without")
    invite.add_argument("--days", type=int, metavar="DAYS", help="how long it can be used; 7 without")
    role = actions.add_parser("role", help="change what somebody may do")
    role.add_argument("name", metavar="NAME")
    role.add_argument("role", choices=_ROLES, metavar="ROLE", help=", ".join(_ROLES))
    remove = actions.add_parser("remove", help="end somebody's keys at once; what was written stays")
    remove.add_argument("name", metavar="NAME")
    access = actions.add_parser("access", help="who sees a project")
    access.add_argument("project", metavar="KEY", help="the project's key")
    how = access.add_mutually_exclusive_group()
    how.add_argument("--private", action="store_true", default=None, help="nobody else knows that it is there")
    how.add_argument("--open", action="store_false", dest="private", default=None, help="all see it")
    access.add_argument("--add", action="append", default=[], metavar="NAME", help="sees it too; may be repeated")
    access.add_argument("--remove", action="append", default=[], metavar="NAME", help="does not any more")


def run(arguments: argparse.Namespace) -> int:
    answer, tell = _ACTIONS[arguments.action](Link().ask, arguments)
    if arguments.json:
        out(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        tell(answer)
    return 0


Told = tuple[dict[str, Any], Callable[[dict[str, Any]], None]]


def _list(ask: Ask, _arguments: argparse.Namespace) -> Told:
    return people.listed(ask), _tell_people


def _invite(ask: Ask, arguments: argparse.Namespace) -> Told:
    return people.invite(ask, arguments.name, arguments.role, arguments.days), _tell_invitation


def _role(ask: Ask, arguments: argparse.Namespace) -> Told:
    return people.change_role(ask, arguments.name, arguments.role), _tell_role


def _remove(ask: Ask, arguments: argparse.Namespace) -> Told:
    return people.remove(ask, arguments.name), _tell_removal


def _access(ask: Ask, arguments: argparse.Namespace) -> Told:
    given = {name: getattr(arguments, name) for name in ("private", "add", "remove")}
    wanted = {name: value for name, value in given.items() if value not in (None, [])}
    answer = people.set_access(ask, arguments.project, **wanted) if wanted else people.access(ask, arguments.project)
    return answer, _tell_access


_ACTIONS: dict[str | None, Callable[[Ask, argparse.Namespace], Told]] = {
    None: _list, "invite": _invite, "role": _role, "remove": _remove, "access": _access,
}  # fmt: skip


def _tell_people(answer: dict[str, Any]) -> None:
    rows = [*answer.get("people", []), *answer.get("invited", [])]
    width = max((len(str(row.get("name"))) for row in rows), default=0)
    for row in rows:
        until = row.get("expires_at")
        note = f"invited, until {str(until)[:10]}" if until else "you" if row.get("you") else ""
        out(f"{row.get('name')!s:{width}}  {row.get('role')!s:6}  {note}".rstrip())


def _tell_invitation(answer: dict[str, Any]) -> None:
    """The secret stands alone on stdout, for a pipe."""
    say(f"{answer.get('name')} is invited as {answer.get('role')}, until {str(answer.get('expires_at'))[:10]}.")
    say("This one-time key is shown only now. Whoever has it runs `turbo-client login --url URL` and gives it there:")
    out(str(answer.get("invitation")))


def _tell_role(answer: dict[str, Any]) -> None:
    is_same = answer.get("role") == answer.get("role_before")
    say(f"{answer.get('name')} {'is' if is_same else 'is now'} {answer.get('role')}.")


def _tell_removal(answer: dict[str, Any]) -> None:
    name = answer.get("name")
    if answer.get("keys_ended") is None:
        say(f"The invitation of {name} is withdrawn.")
        return
    say(f"{name} does not belong to the workspace any more; keys ended: {answer.get('keys_ended')}.")
    if handed := answer.get("projects_handed_to_you"):
        say(f"Private projects that nobody else was left to see are open to you now: {handed}.")
    if issues := answer.get("open_issues"):
        say(f"Still assigned: {issues} open issues. `turbo-client call list_issues assignee={name} status=open`")


def _tell_access(answer: dict[str, Any]) -> None:
    members = ", ".join(map(str, answer.get("members", [])))
    seen = f"private to {members}" if answer.get("private") else "open to all in the workspace"
    out(f"{answer.get('project')}: {seen}")
