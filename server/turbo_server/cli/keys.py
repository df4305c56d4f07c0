"""`turbo-server keys create | generate | list | rotate | revoke`."""

import argparse
import asyncio
import json
from datetime import UTC, datetime

from turbo_server.account import key_store
from turbo_server.account.grants import MOST_DAYS, NEVER, Grant, Lifetime, until_day, usual
from turbo_server.account.identity import Identity
from turbo_server.account.key_audit import revoke
from turbo_server.account.token import mint
from turbo_server.cli import say
from turbo_server.cli.database_words import told
from turbo_server.cli.keys_told import lines_of, plain, until
from turbo_server.cli.local_database import is_made_ready
from turbo_server.cli.workspaces import add_option, workspace_name
from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.errors import TurboError
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.settings import Settings

LONGEST_NAME = 80


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _configure_create(actions.add_parser("create", help="make a key; it is shown once, alone on stdout"))
    actions.add_parser("generate", help="print a key without storing it, for TURBO_API_KEY")
    listing = actions.add_parser("list", help="all keys, without their secrets")
    listing.add_argument("--json", action="store_true", help="for machines")
    rotate = actions.add_parser("rotate", help="give a key a new secret; the old one works for one more day")
    rotate.add_argument("id", type=int, metavar="ID", help="its number in `keys list`")
    revoke = actions.add_parser("revoke", help="end a key at once")
    revoke.add_argument("id", type=int, metavar="ID", help="its number in `keys list`")
    revoke.add_argument("--with-made", action="store_true", help="and all keys that were made with it")


def _configure_create(create: argparse.ArgumentParser) -> None:
    create.add_argument("--name", required=True, help="the person it belongs to, who is made if there is none")
    create.add_argument("--account", help="the person it belongs to, where --name is to be the key's own name")
    create.add_argument("--label", help="what to call the key, such as laptop")
    create.add_argument(
        "--scope", choices=[scope.value for scope in Scope], type=str.lower,
        help="what it may do; admin includes write includes read. The first key of all is admin, others write",
    )  # fmt: skip
    create.add_argument(
        "--expires", type=_lifetime, default=argparse.SUPPRESS, metavar="DAYS|never",
        help=f"its end, in 1 to {MOST_DAYS} days, for it and all keys made with it; else 90 days, which may be renewed",
    )  # fmt: skip
    create.add_argument(
        "--role", choices=[role.value for role in reversed(Role)], help="what the person may do; see the guide on teams"
    )  # fmt: skip
    add_option(create, "the workspace, which is made if there is none of that name; needed where there are several")
    create.add_argument("--machine", help="the machine that it is for")
    create.add_argument(
        "--project", action="append", default=[], metavar="KEY", help="all that it may see; may be repeated"
    )


def _lifetime(text: str) -> int | None:
    """Days, or None for never."""
    if text.strip().lower() == "never":
        return None
    if text.strip().isascii() and text.strip().isdigit() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a number of days from 1 to {MOST_DAYS}, or never")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.action == "generate":
        print(mint())
        say("Set this as TURBO_API_KEY of the server, and give it to `turbo-client login`. It is stored nowhere.")
        return 0
    if not is_made_ready(settings):
        return 1
    try:
        return asyncio.run(_with_database(arguments, settings))
    except TurboError as error:
        say(told(error, settings))
        return 1


async def _with_database(arguments: argparse.Namespace, settings: Settings) -> int:
    database = open_database(settings.database_url)
    await database.connect()
    try:
        async with database.connection() as db:
            match arguments.action:
                case "create":
                    return await _create(db, Identity(settings.key_pepper), arguments)
                case "list":
                    return await _list(db, as_json=arguments.json)
                case "rotate":
                    return await _rotate(db, Identity(settings.key_pepper), arguments.id)
                case _:
                    return await _revoke(db, arguments.id, with_made=arguments.with_made)
    finally:
        await database.disconnect()


async def _create(db: Connection, identity: Identity, arguments: argparse.Namespace) -> int:
    person = (arguments.account or arguments.name).strip()
    label = (arguments.label or (arguments.name if arguments.account else None) or arguments.machine or "key").strip()
    if not person or person.lower() in ("me", "none") or len(person) > LONGEST_NAME or not person.isprintable():
        say("--name must be a person's name of at most 80 characters, other than me and none.")
        return 2
    if not label or any(
        len(text) > LONGEST_NAME or not text.isprintable() for text in (label, arguments.machine or "")
    ):
        say("What a key and a machine are called has at most 80 characters, and no line breaks.")
        return 2
    scope = Scope(arguments.scope) if arguments.scope else await _usual_scope(db, arguments.workspace)
    grant = Grant(scope, _lifetime_of(arguments), (arguments.machine or "").strip() or None)
    workspace = await workspace_name(db, arguments.workspace)
    role = Role(arguments.role) if arguments.role else None
    key = await identity.create_key(db, person, label, grant, arguments.project, workspace=workspace, role=role)
    where = f", only {', '.join(sorted({each.upper() for each in arguments.project}))}" if arguments.project else ""
    among = f" in {workspace}" if arguments.workspace else ""
    say(f"Key {key.id} of {person}{among} ({scope}{where}, {until(grant.lifetime)}).")
    say("It is shown only now; give it to `turbo-client login`:")
    print(key.token)
    return 0


async def _usual_scope(db: Connection, workspace: str | None) -> Scope:
    """Somebody must be able to do everything: whoever comes first, to each workspace."""
    name = await workspace_name(db, workspace)
    return Scope.WRITE if await key_store.has_any(db, name) else Scope.ADMIN


def _lifetime_of(arguments: argparse.Namespace) -> Lifetime:
    now = datetime.now(UTC)
    if "expires" not in arguments:
        return usual(now)
    return NEVER if arguments.expires is None else until_day(now, arguments.expires)


async def _list(db: Connection, *, as_json: bool) -> int:
    rows = [plain(row) for row in await key_store.everything(db)]
    if as_json:
        print(json.dumps(rows, default=str, indent=2))
        return 0
    for line in lines_of(rows, datetime.now(UTC)):
        print(line)
    if not rows:
        say("There is no key yet: turbo-server keys create --name NAME")
    return 0


async def _rotate(db: Connection, identity: Identity, key_id: int) -> int:
    token = await identity.rotate(db, key_id, datetime.now(UTC))
    if token is None:
        return _no_such_key(key_id)
    say(f"The new secret of key {key_id}; the one before works for one more day.")
    say("It is shown only now; give it to `turbo-client login`:")
    print(token)
    return 0


async def _revoke(db: Connection, key_id: int, *, with_made: bool) -> int:
    now = datetime.now(UTC)
    async with db.transaction():
        revoked = await revoke(db, key_id, now, with_made=with_made)
    if not revoked:
        return _no_such_key(key_id)
    if with_made:
        say(f"Revoked: {', '.join(map(str, sorted(revoked)))}. Their next calls are refused.")
        return 0
    say(f"Key {key_id} is revoked; its next call is refused.")
    if made := await key_store.made_by(db, key_id):
        say(f"Keys made with it still work: {', '.join(map(str, made))}. `keys revoke {key_id} --with-made` ends them.")
    return 0


def _no_such_key(key_id: int) -> int:
    say(f"There is no valid key {key_id}. `turbo-server keys list` shows them.")
    return 1
