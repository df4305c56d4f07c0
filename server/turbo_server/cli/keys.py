"""`turbo-server keys create | generate | list | revoke`."""

import argparse
import asyncio
import json
from datetime import UTC, datetime

from turbo_server.account import store
from turbo_server.account.identity import Identity
from turbo_server.account.token import PREFIX, mint
from turbo_server.cli import say
from turbo_server.cli.database_words import told
from turbo_server.cli.local_database import is_made_ready
from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key; it is shown once, alone on stdout")
    create.add_argument("--name", required=True, help="the person it belongs to; made if there is none")
    create.add_argument("--label", default="key", help="what to call the key, such as laptop")
    actions.add_parser("generate", help="print a key without storing it, for TURBO_API_KEY")
    listing = actions.add_parser("list", help="all keys, without their secrets")
    listing.add_argument("--json", action="store_true", help="for machines")
    revoke = actions.add_parser("revoke", help="end a key at once")
    revoke.add_argument("id", type=int, metavar="ID", help="its number in `keys list`")


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
                    return await _create(db, settings, arguments.name.strip(), arguments.label.strip())
                case "list":
                    return await _list(db, as_json=arguments.json)
                case _:
                    return await _revoke(db, arguments.id)
    finally:
        await database.disconnect()


async def _create(db: Connection, settings: Settings, name: str, label: str) -> int:
    if not name or name.lower() in ("me", "none") or len(name) > 80 or len(label) > 80 or not name.isprintable():
        say("--name must be a person's name of at most 80 characters, other than me and none.")
        return 2
    key = await Identity(settings.key_pepper).create_key(db, name, label or "key")
    say(f"Key {key.id} of {name}. It is shown only now; give it to `turbo-client login`:")
    print(key.token)
    return 0


async def _list(db: Connection, *, as_json: bool) -> int:
    rows = [{name: row[name] for name in row.keys()} for row in await store.keys(db)]  # noqa: SIM118 - driver rows
    if as_json:
        print(json.dumps(rows, default=str, indent=2))
        return 0
    for row in rows:
        state = "revoked" if row["revoked_at"] else f"last used {_day(row['last_used_at'])}"
        print(f"{row['id']:>4}  {row['account']:<20} {row['name']:<16} {PREFIX}…{row['last4']}  {state}")
    if not rows:
        say("There is no key yet: turbo-server keys create --name NAME")
    return 0


def _day(moment: object) -> str:
    return str(moment)[:10] if moment else "never"


async def _revoke(db: Connection, key_id: int) -> int:
    if await store.revoke_key(db, key_id, datetime.now(UTC)):
        say(f"Key {key_id} is revoked; its next call is refused.")
        return 0
    say(f"There is no valid key {key_id}. `turbo-server keys list` shows them.")
    return 1
