"""`turbo-server invite NAME`: a one-time key with which somebody joins, made where no owner has a key to do it."""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from turbo_server.account import store
from turbo_server.account.identity import Identity
from turbo_server.account.invitations import DAYS, MOST_DAYS, invite
from turbo_server.account.people_types import LONGEST_NAME, Invitation, is_person_name
from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.local_database import is_made_ready
from turbo_server.cli.workspaces import add_option, require_workspace
from turbo_server.kit.context import Actor, Context
from turbo_server.kit.errors import Conflict, TurboError
from turbo_server.kit.role import Role
from turbo_server.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what the person is called in the workspace")
    parser.add_argument(
        "--role", choices=[role.value for role in reversed(Role)], default="member", help="member without"
    )
    parser.add_argument(
        "--days", type=int, default=DAYS, choices=range(1, MOST_DAYS + 1), metavar="DAYS",
        help=f"how long it can be used, at most {MOST_DAYS}; {DAYS} without",
    )  # fmt: skip
    add_option(parser, "needed where there are several")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    name = arguments.name.strip()
    if not is_person_name(name):
        say(f"NAME must be a person's name of at most {LONGEST_NAME} characters, other than me and none.")
        return 2
    if not is_made_ready(settings):
        return 1
    try:
        made, workspace = asyncio.run(_invite(arguments, name, settings))
    except TurboError as error:
        say(f"{error.message} {error.hint}")
        return 1
    say(f"{made.name} is invited to {workspace} as {made.role}, until {made.expires_at:%Y-%m-%d}.")
    say("This one-time key is shown only now; give it to `turbo-client login`:")
    print(made.invitation)
    return 0


async def _invite(arguments: argparse.Namespace, name: str, settings: Settings) -> tuple[Invitation, str]:
    now = datetime.now(UTC)
    async with connected(settings) as db, db.transaction():
        workspace = await require_workspace(db, arguments.workspace)
        row = await store.account_named(db, workspace["id"], name)
        if row is not None and row["removed_at"] is None:
            raise Conflict(
                f"{row['name']} belongs to it already.", "A further key: turbo-server keys create --name NAME."
            )
        actor = Actor(0, "operator", workspace["id"], workspace["name"], 0, "", "", None, None)
        hashing = Identity(settings.key_pepper).hash
        context = Context(db, actor, now, now.date(), timedelta(), settings.web_url, hash_key=hashing)
        return await invite(context, row["name"] if row else name, Role(arguments.role), arguments.days), workspace[
            "name"
        ]
