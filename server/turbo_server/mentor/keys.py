"""Keys of items as they stand in anybody's text."""

import re
from collections.abc import Iterable

_KEY = re.compile(r"(?<![A-Za-z0-9_-])([A-Z][A-Z0-9]{1,9}-[IMD]?[1-9][0-9]{0,8})(?![A-Za-z0-9_]|-[A-Za-z0-9])")


def keys_in(*texts: str | None) -> list[str]:
    """Each once, in their order: written in capitals, as people write a key when they mean one."""
    return list(dict.fromkeys(match[1] for text in texts if text for match in _KEY.finditer(text)))


def without(keys: Iterable[str], known: Iterable[str]) -> list[str]:
    gone = set(known)
    return [key for key in keys if key not in gone]
