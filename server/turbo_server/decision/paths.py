"""Which globs of a decision cover a path of a repository.

The rules are gitignore's, without exceptions and character classes:
- `*` and `?` stand for characters of one name, `**` for any number of folders, `{a,b}` for each of the words.
- A glob without a slash, but at its end, fits in any folder; any other counts from the repository's root.
- What fits a folder covers all that lies below it; `docs/**` covers what is below, but not `docs` itself.
- Letter case counts. `[` and `!` are characters like any other: folders are called `[slug]`, and nothing is excluded.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

MOST_ALTERNATIVES = 32
LONGEST = 1_000
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_DRIVE = re.compile(r"[A-Za-z]:")


class NoSuchPath(ValueError):
    """Its text says what is wrong with a path or a glob, as the rest of a sentence that begins with its name."""


def checked_glob(text: str) -> str:
    """The glob as it was given. Raises NoSuchPath."""
    if text.startswith("!"):
        raise NoSuchPath("begins with `!`: a decision excludes nothing, name what it governs")
    glob = _plain(text)
    _refuse_outside(glob.lstrip("/"))
    if len(list(itertools.islice(_alternatives(glob), MOST_ALTERNATIVES + 1))) > MOST_ALTERNATIVES:
        raise NoSuchPath(f"stands for more than {MOST_ALTERNATIVES} globs: write `*` instead of some of its words")
    return text


def checked_path(text: str) -> str:
    """The path as the globs are compared with it. Raises NoSuchPath."""
    path = _plain(text)
    if len(path) > LONGEST:
        raise NoSuchPath(f"has more than {LONGEST:,} characters")
    if path.startswith("/"):
        raise NoSuchPath("is absolute: give it from the repository's root, such as server/app.py")
    _refuse_outside(path)
    return "/".join(_names(path))


def _refuse_outside(path: str) -> None:
    if _DRIVE.match(path) or path.split("/")[0] == "~":
        raise NoSuchPath("is absolute: give it from the repository's root, such as server/app.py")
    if ".." in path.split("/"):
        raise NoSuchPath("has `..` in it: give it from the repository's root, such as server/app.py")
    if not _names(path):
        raise NoSuchPath("names no file or folder: give it from the repository's root, such as server/app.py")


def first_covering(globs: Iterable[str], path: str) -> str | None:
    """The first of the globs that covers a checked path."""
    names = path.split("/")
    return next((glob for glob in globs if any(_covers(each, names) for each in _read(glob))), None)


@lru_cache(maxsize=8_192)  # the same globs are read at every lookup
def _read(glob: str) -> tuple[list[str], ...]:
    """What the glob stands for, each as the names it asks for one after the other."""
    return tuple(
        _names(each) if "/" in each.rstrip("/") else ["**", *_names(each)] for each in _alternatives(_plain(glob))
    )


def _plain(text: str) -> str:
    """With slashes as on Unix, and letters composed: macOS hands out file names with accents taken apart."""
    return unicodedata.normalize("NFC", text.strip()).replace("\\", "/").removeprefix("./")


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _alternatives(glob: str) -> Iterator[str]:
    found = _BRACES.search(glob)
    if found is None:
        yield glob
        return
    for word in found[1].split(","):
        yield from _alternatives(glob[: found.start()] + word + glob[found.end() :])


def _covers(wanted: list[str], names: list[str]) -> bool:
    """Whether the glob uses up some beginning of the path: the rest of it lies below.

    Keeps the places that can be reached at once instead of trying one after the other, which a glob such as
    `**/a*/**/a*/**/b` would drag out without end.
    """
    reached = {0}
    for number, name in enumerate(wanted, 1):
        if name == "**":
            first = min(reached) + (number == len(wanted))
            reached = set(range(first, len(names) + 1))
        else:
            reached = {place + 1 for place in reached if place < len(names) and _fits(name, names[place])}
        if not reached:
            return False
    return True


def _fits(pattern: str, name: str) -> bool:
    """`*` and `?` in one name: on a mismatch, only the last star takes one character more."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == name
    at, place, star, resumed = 0, 0, -1, 0
    while place < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, resumed, at = at, place, at + 1
        elif at < len(pattern) and pattern[at] in ("?", name[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resumed += 1
            at, place = star + 1, resumed
        else:
            return False
    return not pattern[at:].strip("*")
