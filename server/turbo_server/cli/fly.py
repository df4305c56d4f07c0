"""`turbo-server fly plan`."""

import argparse
import re
import tomllib
from pathlib import Path

from turbo_server.cli import say
from turbo_server.hosting import fly
from turbo_server.hosting.fly_plan import Plan, Store, written
from turbo_server.settings import Settings

APP_NAME = re.compile(r"[a-z][a-z0-9-]{1,61}[a-z0-9]")
HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


class NoPlan(Exception):
    """What was asked for cannot be had: the text says why, and what can."""


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    plan = actions.add_parser("plan", help="print the commands that put this checkout on Fly; nothing is run")
    plan.add_argument(
        "--database", choices=[store.value for store in Store], default=Store.MANAGED.value,
        help="Managed Postgres (default), a Postgres that you look after, or SQLite on a volume",
    )  # fmt: skip
    plan.add_argument("--app", metavar="NAME", help="the app's name, also turbo's address: NAME.fly.dev")
    plan.add_argument("--region", metavar="CODE", help="where it runs, such as iad; both: unset, as fly.toml has it")
    plan.add_argument(
        "--web", metavar="NAME", nargs="?", const="", help="the web page as an app of its own too; unnamed: APP-web"
    )
    plan.add_argument("--domain", metavar="HOST", help="a name of your own for it, such as turbo.example.com")


def run(arguments: argparse.Namespace, _settings: Settings) -> int:
    store = Store(arguments.database)
    try:
        plan = _plan(store, _configuration(store), arguments)
    except NoPlan as error:
        say(str(error))
        return 1
    print(written(plan), end="")
    names = f"app = {plan.app!r} and primary_region = {plan.region!r} into {plan.config}"
    if plan.web:
        names += f", app = {plan.web!r}, the region and TURBO_API_URL into frontend/fly.toml,"
    say(f"Nothing was run. Put {names} to keep them.")
    return 0


def _configuration(store: Store) -> dict[str, object]:
    name = config_name(store)
    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoPlan(f"There is no {name} here: run this in a checkout of Turbo-Plan, where it lies.") from None
    except (OSError, ValueError) as error:
        raise NoPlan(f"{name} cannot be read: {error}") from None


def config_name(store: Store) -> str:
    return "fly.toml.sqlite" if store is Store.SQLITE else "fly.toml"


def _plan(store: Store, configuration: dict[str, object], arguments: argparse.Namespace) -> Plan:
    app = str(arguments.app or configuration.get("app", ""))
    region = str(arguments.region or configuration.get("primary_region", "")).lower()
    domain = arguments.domain.lower().rstrip(".") if arguments.domain else None
    web = arguments.web if arguments.web is None else str(arguments.web or f"{app}-web")
    for name in (app, web or app):
        if not APP_NAME.fullmatch(name):
            raise NoPlan(f"{name!r} is no name of an app: lower-case letters, digits and hyphens, such as turbo-ada.")
    if web == app:
        raise NoPlan(f"{app!r} cannot be both apps: give the page another name, such as --web {app}-web.")
    if domain is not None and not HOST_NAME.fullmatch(domain):
        raise NoPlan(f"{domain!r} is no host name, such as turbo.example.com: without https:// and without a path.")
    _require_region(region, store)
    return Plan(app, region, store, config_name(store), _volume(configuration), domain, web)


def _require_region(region: str, store: Store) -> None:
    if region not in fly.REGIONS:
        raise NoPlan(f"Fly has no region {region!r} (as of {fly.AS_OF}). There are: {', '.join(fly.REGIONS)}.")
    if store is Store.MANAGED and region not in fly.MANAGED:
        raise NoPlan(
            f"Fly has no Managed Postgres in {region} (as of {fly.AS_OF}). Choose --region {fly.NEAREST[region]}, the"
            f" nearest that has it, or stay in {region} with --database unmanaged or sqlite. Regions with Managed"
            f" Postgres: {', '.join(fly.MANAGED)}."
        )


def _volume(configuration: dict[str, object]) -> str:
    mounts = configuration.get("mounts")
    return str(mounts[0]["source"]) if isinstance(mounts, list) and mounts else ""
