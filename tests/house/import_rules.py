"""Who may see whom, as the architecture has it: the table, and the check of one module against it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.house.source_tree import Import, Module

SERVER = "turbo_server"
KIT, DOORS, CATALOGUE, APP = (f"{SERVER}.{room}" for room in ("kit", "doors", "catalogue", "app"))
JOB = f"{SERVER}.job"
# The machinery: it has no nouns of the product. Jobs are done beside the calls, in tasks of their own.
NO_ENTITIES = frozenset({KIT, DOORS, JOB, f"{SERVER}.migrations", f"{SERVER}.cli", f"{SERVER}.transfer"})
# Where the parts are put together: these see everything. Migrations compare the tables of all stores, and an export
# carries them.
SEE_EVERYTHING = (APP, f"{SERVER}.startup", f"{SERVER}.cli", f"{SERVER}.migrations", f"{SERVER}.transfer")
# One tool call is one transaction in one task: a second task would write outside of it.
TASK_MAKERS = frozenset({"gather", "create_task", "ensure_future", "TaskGroup"})

# Connections need no import: asyncio makes them.
CONNECTORS = frozenset({"open_connection", "create_connection", "open_unix_connection", "create_datagram_endpoint"})
SPEAK = (f"{SERVER}.webhook.sending", f"{SERVER}.cli.serve")  # the latter with what listens on its own port
# What could carry data away: nothing on the server needs it but a mentor, and the one file that sends to webhooks,
# which speaks HTTP over asyncio's own streams to be sure of the address.
GOES_OUT = (
    "http.client", "urllib.request", "httpx2", "requests", "aiohttp", "smtplib", "ftplib", "xmlrpc", "webbrowser",
    "subprocess", "multiprocessing", "ssl",
)  # fmt: skip


@dataclass(frozen=True)
class Wall:
    """Modules inside `who` do not import `whom`, unless they are inside `but`. No `who`: nobody does."""

    whom: tuple[str, ...]
    who: tuple[str, ...] = ("turbo_client", "turbo_installer", SERVER)
    but: tuple[str, ...] = ()


WALLS = (
    Wall(who=("turbo_client", "turbo_installer"), whom=(SERVER,)),
    Wall(who=(SERVER,), whom=("turbo_client", "turbo_installer")),
    Wall(who=("turbo_installer",), whom=("turbo_client",)),
    Wall(
        who=("turbo_client",),
        whom=("turbo_installer",),
        but=("turbo_client.cli.install", "turbo_client.cli.uninstall", "turbo_client.cli.doctor"),
    ),
    Wall(who=(KIT,), whom=(DOORS, CATALOGUE, APP, JOB)),
    Wall(who=(JOB,), whom=(DOORS, CATALOGUE, APP)),
    Wall(who=(DOORS,), whom=(APP,)),
    Wall(whom=("databases",), but=(f"{KIT}.database",)),
    Wall(whom=("httpx",), but=("turbo_client.backend",)),
    Wall(whom=("keyring",), but=("turbo_client.credentials",)),
    Wall(whom=("mcp",), but=(f"{DOORS}.mcp",)),
    Wall(whom=("anthropic",), but=(f"{SERVER}.mentor",)),
    Wall(who=(SERVER,), whom=GOES_OUT, but=(f"{SERVER}.mentor", f"{SERVER}.webhook.sending")),
    Wall(whom=(f"{SERVER}.webhook.sending",), but=(f"{SERVER}.webhook.deliver",)),
    Wall(who=(SERVER,), whom=("socket",), but=(f"{SERVER}.cli.serve",)),
    Wall(whom=("starlette.middleware.base", "fastapi.middleware.base")),
)


def violations(modules: Iterable[Module]) -> list[str]:
    """One sentence for each thing that the architecture forbids."""
    modules = list(modules)
    entities = _entities(modules)
    return [
        f"{module.path}:{line}: {module.name} {reason}"
        for module in modules
        for line, reason in sorted(
            {*_forbidden_imports(module, entities), *_second_tasks(module, entities), *_connections(module)}
        )
    ]


def _entities(modules: list[Module]) -> frozenset[str]:
    """The packages of the server that are nouns: all but its machinery."""
    packages = {".".join(module.package.split(".")[:2]) for module in modules if module.name.startswith(f"{SERVER}.")}
    return frozenset(packages - NO_ENTITIES - {SERVER})


def _forbidden_imports(module: Module, entities: frozenset[str]) -> Iterator[tuple[int, str]]:
    for found in module.imports:
        for target in found.targets:
            for reason in (*_walls(module, target), *_entity_rules(module, target, entities), *_lazy(found, target)):
                yield found.line, reason


def _walls(module: Module, target: str) -> Iterator[str]:
    for wall in WALLS:
        if _within(module.name, wall.who) and _within(target, wall.whom) and not _within(module.name, wall.but):
            yield f"must not import {_place(target, wall.whom)}"


def _entity_rules(module: Module, target: str, entities: frozenset[str]) -> Iterator[str]:
    own, other = _place(module.name, entities), _place(target, entities)
    if other and _within(module.name, (KIT, DOORS, JOB)):
        yield f"knows no entity: it must not import {other}"
    if own and _within(target, (DOORS, CATALOGUE, APP)):
        yield f"belongs to an entity: it must not import {target}"
    if other and other != own and _within(target, (f"{other}.store",)) and not _within(module.name, SEE_EVERYTHING):
        yield f"must call the tools of {other}, not its store"


def _lazy(found: Import, target: str) -> Iterator[str]:
    if _within(target, ("anthropic",)) and not found.is_lazy:
        yield "must import anthropic inside the function that needs it: it costs seconds at start-up"


def _connections(module: Module) -> Iterator[tuple[int, str]]:
    if module.name.startswith(f"{SERVER}.") and not _within(module.name, SPEAK):
        for node in ast.walk(module.tree):
            if not isinstance(node, (ast.Attribute, ast.Name)):
                continue
            called = node.attr if isinstance(node, ast.Attribute) else node.id
            if called in CONNECTORS:
                yield node.lineno, f"must not connect to anything: no {called}"


def _second_tasks(module: Module, entities: frozenset[str]) -> Iterator[tuple[int, str]]:
    if not _within(module.name, (*entities, f"{KIT}.runner")):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            called = node.attr if isinstance(node, ast.Attribute) else node.id
            if called in TASK_MAKERS:
                yield node.lineno, f"must stay in its own task: no {called} inside a tool call"


def _within(name: str, places: Iterable[str]) -> bool:
    return _place(name, places) is not None


def _place(name: str, places: Iterable[str]) -> str | None:
    return next((place for place in places if name == place or name.startswith(f"{place}.")), None)
