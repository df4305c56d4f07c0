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

from turbo_server.kit.keys import read_key

SCRIPTS = "csp.json"  # for each page the hashes of the scripts inside it
FOR_GOOD = "_next/static/"  # their names hold a hash of what is in them
PACKED = {"br": ".br", "gzip": ".gz"}  # the smallest first
_TYPES = {
    ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json",
    ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
    ".jpg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
}  # fmt: skip
_HASH = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}")
log = logging.getLogger("turbo_server")


@dataclass(frozen=True)
class Exported:
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
        return self._named(path) or self._named(_of_item(path))

    def _named(self, path: str) -> Exported | None:
        bare = path.removesuffix("/")
        names = (path, f"{bare}.html", f"{bare}/index.html") if bare else ("index.html",)
        return next((self._files[name] for name in names if name in self._files), None)

    @cached_property
    def _files(self) -> dict[str, Exported]:
        paths = {each.relative_to(self._folder).as_posix(): each for each in self._paths()}
        scripts = _scripts(self._folder / SCRIPTS)
        return {
            name: Exported(
                path,
                _TYPES.get(path.suffix, "application/octet-stream"),
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
    """`TURBO-12` or `@architect`, and what lies under it or beside it, is of the page `item`, in any letter case."""
    name = re.match(r"[^/.]*", path)
    word = name[0] if name else ""
    key = read_key(word)
    return f"item{path.removeprefix(word)}" if key and (key.number or key.kind == "mentor") else path


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
