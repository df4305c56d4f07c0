"""Every statement that stands ready in the server's modules: found by looking through what they hold."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

import turbo_server
from turbo_server.kit.records import Records
from turbo_server.kit.sql import Statement


@cache
def statements() -> tuple[tuple[str, Statement], ...]:
    """With the module in which each stands. Those that are put together for one call are not among them."""
    found: dict[Statement, str] = {}
    for name in _modules():
        for value in vars(importlib.import_module(name)).values():
            for statement in _within(value):
                found.setdefault(statement, name)
    return tuple((name, statement) for statement, name in found.items())


def _modules() -> Iterator[str]:
    walked = pkgutil.walk_packages(turbo_server.__path__, "turbo_server.")
    return (each.name for each in walked if "migrations" not in each.name and not each.name.endswith("__main__"))


def _within(value: object) -> Iterator[Statement]:
    if isinstance(value, Statement):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _within(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _within(part)
    elif isinstance(value, Records) or type(value).__name__ in ("PlanTable", "Shape"):
        for part in (vars(value) | {"store": getattr(value, "store", None)}).values():
            yield from _within(part)
