"""Looks at the environment: each setting by itself, and names that are none."""

import difflib
import sys
from collections.abc import Iterator, Mapping

from turbo_server import __version__
from turbo_server.kit.database_url import read_postgres_url
from turbo_server.settings import NAMES, BadSettings, Settings, read_settings

from .check import Check, fine, unsure, wrong

OLDEST_PYTHON = (3, 11)
# Read by turbo-client on the same machine, or by what starts us.
_OF_OTHERS = frozenset({"TURBO_API_URL", "TURBO_TOOLSETS", "TURBO_SESSION", "TURBO_OFFLINE", "TURBO_RENEW"})
_NEAR = 0.82  # of difflib: one or two letters off


def check_environment(environment: Mapping[str, str]) -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check(
        "turbo-server",
        sys.version_info >= OLDEST_PYTHON,
        f"{__version__} on Python {python}",
        "Install Python 3.11 or newer.",
    )
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    found = list(_wrong(given))
    yield from found
    if not found:
        names = [name for name in NAMES if name in given]
        yield fine("settings", f"{', '.join(names)} set" if names else "none set: all defaults")
    yield from _unknown(given)


def _wrong(given: Mapping[str, str]) -> Iterator[Check]:
    """Each by itself: the first that is wrong would hide the others."""
    for name in NAMES:
        if name in given:
            try:
                read_settings({"DATABASE_URL": "sqlite:///any.db", name: given[name]})  # which production wants
            except BadSettings as error:
                yield wrong(name, str(error), f"Set {name} anew, or take it out.")


def _unknown(given: Mapping[str, str]) -> Iterator[Check]:
    for name in sorted(given.keys() - set(NAMES) - _OF_OTHERS):
        near = difflib.get_close_matches(name, NAMES, 1, _NEAR)
        if near and near[0] not in given:
            yield wrong(name, "is set, and is no setting", f"Did you mean {near[0]}?")
        elif name.startswith("TURBO_"):
            yield unsure(
                name,
                "is set, and is no setting of turbo-server",
                "Take it out; `turbo-server --help` names those that there are.",
            )


def check_settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Check]:
    """What fits together badly, though each may be so by itself."""
    on_fly = bool(environment.get("FLY_APP_NAME"))
    kind = settings.environment
    if on_fly and kind != "production":
        yield wrong("environment", "development, on a machine of Fly", "Set TURBO_ENVIRONMENT=production.")
    elif kind == "production" and settings.is_local and not on_fly:
        yield unsure(
            "environment",
            "production, with a SQLite file: it must lie on a disk that stays",
            "Set DATABASE_URL to Postgres, or keep the file on a volume and back it up.",
        )
    else:
        yield fine("environment", kind)
    if on_fly:
        yield from _on_fly(settings)
    if not settings.is_local and (ignored := read_postgres_url(settings.database_url).ignored):
        yield unsure(
            "DATABASE_URL",
            f"its parameters {', '.join(ignored)} mean nothing here and are ignored",
            "Take them out of DATABASE_URL.",
        )


def _on_fly(settings: Settings) -> Iterator[Check]:
    if settings.host != "0.0.0.0":  # noqa: S104 - what Fly's proxy needs
        yield wrong(
            "API_HOST",
            f"{settings.host}: Fly's proxy reaches a machine by IPv4 alone",
            "Set API_HOST=0.0.0.0 in fly.toml.",
        )
    if not settings.behind_fly:
        yield wrong(
            "TURBO_BEHIND_FLY",
            "not set on Fly: all callers look like its proxy, and share one limit",
            "Set TURBO_BEHIND_FLY=true in fly.toml.",
        )
