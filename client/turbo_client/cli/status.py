"""`turbo-client status`: which server, as whom, with which key from where."""

import argparse
import json

from turbo_client import account, credentials, machine_keys
from turbo_client.account import Account
from turbo_client.cli.exit_codes import EXPLAINED, exit_code
from turbo_client.errors import KeyRefused, KeyStoreFailed, NotLoggedIn, TurboClientError
from turbo_client.link import Link
from turbo_client.terminal import out, say

SUMMARY = "Show the server, the account and where the key comes from."

_EXAMPLES = f"""\
examples:
  turbo-client status
  turbo-client status --json

{EXPLAINED}"""
_NEAR_DAYS = 21


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    fields, problem = _look()
    if arguments.json:
        out(json.dumps(fields, indent=2, ensure_ascii=False))
    else:
        out("\n".join(f"{name.replace('_', ' '):14} {value}" for name, value in _told(fields).items()))
    if problem is None:
        return 0
    say(f"error: {problem.text}")
    return exit_code(problem)


def _told(fields: dict[str, object]) -> dict[str, object]:
    """For people: the error has a line of its own, and what could not be found out is said in words."""
    unknown = "not known: the server did not say whether it takes the key" if "key" in fields else "not known"
    logged_in = unknown if fields["logged_in"] is None else "yes" if fields["logged_in"] else "no"
    left_out = ("error", "key_expires_at", "key_is_renewed")
    told = {name: value for name, value in fields.items() if name not in left_out} | {"logged_in": logged_in}
    if "key_scope" in fields:
        told["key_end"] = _told_end(str(fields["key_expires_at"] or ""), is_renewed=fields["key_is_renewed"] is True)
    return told


def _told_end(expires_at: str, *, is_renewed: bool) -> str:
    told = machine_keys.told_end(expires_at, renews=is_renewed)
    days = machine_keys.ends_in(expires_at)
    is_near = days is not None and days < _NEAR_DAYS and not is_renewed
    return f"{told}: have a new key made and run `turbo-client login`" if is_near else told


def _look() -> tuple[dict[str, object], TurboClientError | None]:
    """As much as can be found out; the first thing that stands in the way is the problem."""
    link = Link()
    fields: dict[str, object] = {}
    try:
        fields |= {"server": link.config.origin, "server_from": link.config.origin_source}
        credential = link.credential()
        fields |= {"key": credential.masked, "key_from": credential.detail}
        owner = account.look_up(link.backend, credential.value)
    except TurboClientError as problem:
        surely_not = isinstance(problem, NotLoggedIn | KeyRefused) and not isinstance(problem, KeyStoreFailed)
        error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        return fields | {"logged_in": False if surely_not else None, "error": error}, problem
    fields |= {"account": owner.name, "workspace": owner.workspace, "server_version": owner.server_version}
    renewed = owner.is_renewable and credential.source != credentials.ENVIRONMENT and _is_of_this_machine(link)
    return fields | _about_key(owner, is_renewed=renewed) | {"logged_in": True}, None


def _about_key(owner: Account, *, is_renewed: bool) -> dict[str, object]:
    """Nothing, where the server is too old to say."""
    if not owner.scope:
        return {}
    end = {"key_expires_at": owner.expires_at or None, "key_is_renewed": is_renewed}
    return {"key_scope": owner.scope, **end}


def _is_of_this_machine(link: Link) -> bool:
    login = link.config.login
    return login is not None and login.key_id != ""
