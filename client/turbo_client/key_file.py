"""The file of API keys that only `login --insecure-storage` makes: by origin, for machines without a keyring."""

# Without pathlib: see paths.py.
# ruff: noqa: PTH123

import json
import os
import stat
from typing import Any

from turbo_client import paths
from turbo_client.errors import KeyStoreFailed


def read() -> dict[str, Any]:
    """Refuses a file that others can read: whoever could have read it has the keys."""
    path = paths.key_file()
    keys: object = None
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            _require_private(path, os.fstat(file.fileno()).st_mode)
            keys = json.loads(file.read())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        pass  # not a dict, so it is refused below
    if not isinstance(keys, dict):
        raise KeyStoreFailed(f"{path} cannot be read as a key file.", "Delete it, and run `turbo-client login`.")
    return keys


def _require_private(path: str, mode: int) -> None:
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyStoreFailed(
            f"{path} can be read by others (mode {stat.S_IMODE(mode):04o}), so the key in it is not used.",
            f"Run `chmod 600 {path}`, and have a new key made if someone may have read it.",
        )


def put(origin: str, key: str) -> None:
    _write(read() | {origin: key})


def drop(origin: str) -> bool:
    """Whether there was a key for this origin. An empty file does not stay behind."""
    keys = read()
    if keys.pop(origin, None) is None:
        return False
    if keys:
        _write(keys)
    else:
        paths.remove(paths.key_file())
    return True


def _write(keys: dict[str, Any]) -> None:
    paths.write_private(paths.key_file(), json.dumps(keys, indent=2).encode() + b"\n")
