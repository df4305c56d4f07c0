"""The web page's files: a static export in a folder of this package, looked through once, when somebody asks.

What is asked for is looked up among the files that were found then. No path is ever made of it.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from turbo_server.kit.key_form import HANDLE, NUMBERED

from .page_rules import SCRIPTS

FOR_GOOD = "_next/static/"  # their names hold a hash of what is in them
PACKED = {"br": ".br", "gzip": ".gz"}  # the smallest first
ITEM = "item"  # the page of every item, whose own address is its key
OTHERWISE = "application/octet-stream"
TYPES = {
    ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json",
    ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
    ".jpg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
}  # fmt: skip
_KEY = re.compile(rf"(?:{NUMBERED}|{HANDLE})(?=[/.]|\Z)", re.ASCII | re.IGNORECASE)
_HASH = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}")
log = logging.getLogger("turbo_server")


@dataclass(frozen=True)
class Exported:
    name: str
    path: Path
    media_type: str
    is_for_good: bool
    packed: Mapping[str, Path] = field(default_factory=dict)  # by content coding
    scripts: tuple[str, ...] = ()  # hashes, as a policy names them

    def encoded(self, accepted: str) -> tuple[str | None, Path]:
        """The smallest that the asking browser takes, and its content coding."""
        taken = {name for name, weight in map(_coding, accepted.split(",")) if weight}
        return next(((coding, path) for coding, path in self.packed.items() if coding in taken), (None, self.path))


class Export:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, path: str) -> Exported | None:
        """Of an address without its first slash: a file, a page without its .html, or the page of an item."""
        return self.addresses.get(path) or self.addresses.get(_of_item(path))

    @cached_property
    def addresses(self) -> dict[str, Exported]:
        """All that are answered, each without its first slash; what ITEM stands in front of, an item's key does too."""
        found: dict[str, Exported] = {}
        for end in ("/index.html", ".html", ""):  # what is more exactly what was asked for comes later, and stays
            for name, each in self._files.items():
                if end and name.endswith(end):
                    found[name.removesuffix(end)] = found[f"{name.removesuffix(end)}/"] = each
                elif not end:
                    found[name] = each
        if index := self._files.get("index.html"):
            found[""] = index
        return found

    @cached_property
    def _files(self) -> dict[str, Exported]:
        paths = {each.relative_to(self._folder).as_posix(): each for each in self._paths()}
        scripts = _scripts(self._folder / SCRIPTS)
        return {
            name: Exported(
                name,
                path,
                TYPES.get(path.suffix, OTHERWISE),
                name.startswith(FOR_GOOD),
                {coding: paths[name + end] for coding, end in PACKED.items() if name + end in paths},
                scripts.get(name, ()),
            )
            for name, path in paths.items()
            if name != SCRIPTS and not (path.suffix in PACKED.values() and name.removesuffix(path.suffix) in paths)
        }

    def _paths(self) -> Iterator[Path]:
        """Nothing hidden, and nothing that leads out of the folder."""
        for path in self._folder.rglob("*"):
            hidden = any(part.startswith(".") for part in path.relative_to(self._folder).parts)
            if not hidden and path.is_file() and path.resolve().is_relative_to(self._folder.resolve()):
                yield path


def _of_item(path: str) -> str:
    """`TURBO-12` or `@architect`, and what lies under it or beside it is of the page `item`, in any letter case."""
    key = _KEY.match(path)
    return f"{ITEM}{path[key.end() :]}" if key else path


def _scripts(path: Path) -> dict[str, tuple[str, ...]]:
    """Only hashes: nothing else gets into a header. Without a readable file there are none, and no script runs."""
    try:
        told = json.loads(path.read_bytes())
        return {name: tuple(each for each in hashes if _HASH.fullmatch(each)) for name, hashes in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        log.warning("%s of the web page cannot be read: %s", SCRIPTS, error)
        return {}


def _coding(text: str) -> tuple[str, bool]:
    """One of Accept-Encoding, and whether it is wanted."""
    name, _, weight = text.partition(";")
    return name.strip().lower(), re.fullmatch(r"\s*q=0(\.0{0,3})?\s*", weight) is None
