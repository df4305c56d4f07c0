"""`turbo-client machines`: the keys of your machines, what they are called, and the end of them."""

import argparse
import json
from typing import Any

from turbo_client import machine_keys
from turbo_client.cli.exit_codes import EXPLAINED
from turbo_client.link import Link
from turbo_client.terminal import out, say

SUMMARY = "List your machines and their API keys; rename or revoke one."

_EXAMPLES = f"""\
examples:
  turbo-client machines
  turbo-client machines rename 7 "work laptop"
  turbo-client machines revoke 7       its next call is refused

Shown are keys that may do no more than the one of this machine.

{EXPLAINED}"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--json", action="store_true", help="for programs")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    rename = actions.add_parser("rename", help="call a machine something else")
    rename.add_argument("id", type=int, metavar="ID", help="its number in the list")
    rename.add_argument("name", metavar="NAME", help="at most 80 characters")
    revoke = actions.add_parser("revoke", help="end a machine's key at once")
    revoke.add_argument("id", type=int, metavar="ID", help="its number in the list")


def run(arguments: argparse.Namespace) -> int:
    ask = Link().ask
    match arguments.action:
        case "rename":
            machine_keys.rename(ask, arguments.id, arguments.name)
            say(f"Key {arguments.id} is called {arguments.name} now.")
        case "revoke":
            name = machine_keys.revoke(ask, arguments.id)
            say(f"Key {arguments.id} ({name}) is revoked; its next call is refused.")
        case _:
            _list(machine_keys.listed(ask), as_json=arguments.json)
    return 0


def _list(keys: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        out(json.dumps(keys, indent=2, ensure_ascii=False))
        return
    width = max((len(str(key.get("name"))) for key in keys), default=0)
    for key in keys:
        out(f"{key.get('id'):>4}  {key.get('name')!s:{width}}  {_told(key)}")
    say("`turbo-client machines revoke ID` ends one at once.")


def _told(key: dict[str, Any]) -> str:
    machine, end = key.get("machine"), str(key.get("expires_at") or "")
    is_renewed = key.get("is_renewable") is True and bool(machine)
    words = [
        f"turbo_pat_…{key.get('last4')}",
        f"{key.get('scope')!s:5}",
        f"last used {str(key.get('last_used_at') or 'never')[:10]}",
        machine_keys.told_end(end, renews=is_renewed),
        f"on {machine}" if machine and machine != key.get("name") else "",
        f"only {', '.join(map(str, key['projects']))}" if isinstance(key.get("projects"), list) else "",
        "(in use here)" if key.get("is_current") else "",
    ]
    return "  ".join(word for word in words if word)
