"""Which server this machine talks to and who logged in there: the environment first, then the config file.

The config file holds no secret. It also serves as the mark by which a running session notices a login or logout made in
another terminal.
"""

# Without pathlib, see paths.py, and without re, see json_text.py.
# ruff: noqa: PTH116, PTH123

from __future__ import annotations

import os

from turbo_client import json_text, paths
from turbo_client.errors import BadConfiguration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_ORIGIN = "http://127.0.0.1:8080"
URL_VARIABLE = "TURBO_API_URL"
TOOLSETS_VARIABLE = "TURBO_TOOLSETS"

_DIGITS = "0123456789"
_IN_A_NAME = "abcdefghijklmnopqrstuvwxyz_.-" + _DIGITS
_IN_BRACKETS = "abcdef:." + _DIGITS
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Login:
    """What `turbo-client login` noted about a server: the account, and where the key lies. Never the key.

    `key_id` is the server's number of the key; empty where it is not this machine's own but the one that was given.
    """

    __slots__ = ("account", "fingerprint", "key_id", "last4", "store", "workspace")

    def __init__(
        self, fingerprint: str, store: str, account: str = "", workspace: str = "", last4: str = "", key_id: str = ""
    ) -> None:
        self.fingerprint = fingerprint
        self.store = store
        self.account = account
        self.workspace = workspace
        self.last4 = last4
        self.key_id = key_id

    def fields(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


class Config:
    """A reading of the environment and the config file at one moment."""

    __slots__ = ("logins", "origin", "origin_source", "toolsets")

    def __init__(self, origin: str, origin_source: str, logins: dict[str, Login], toolsets: str = "") -> None:
        self.origin = origin
        self.origin_source = origin_source
        self.logins = logins
        self.toolsets = toolsets  # names and commas, as the server is asked for them; all when empty

    @property
    def login(self) -> Login | None:
        return self.logins.get(self.origin)


def load() -> Config:
    """Raises BadConfiguration, with the place to mend, when either source cannot be used."""
    stored = _read()
    logins = _logins(stored.get("logins"))
    toolsets = _toolsets()
    from_environment = set_value(os.environ.get(URL_VARIABLE))
    if from_environment is not None:
        return Config(parse_origin(from_environment, URL_VARIABLE), f"environment ({URL_VARIABLE})", logins, toolsets)
    if "api_url" in stored:
        return Config(parse_origin(stored["api_url"], paths.config_file()), "config file", logins, toolsets)
    return Config(DEFAULT_ORIGIN, "default", logins, toolsets)


def _toolsets() -> str:
    names = [name.strip() for name in (set_value(os.environ.get(TOOLSETS_VARIABLE)) or "").lower().split(",")]
    if not all(name.isascii() and name.isalpha() for name in names if name):
        raise BadConfiguration(
            f"{TOOLSETS_VARIABLE} is not a list of toolsets.",
            "It has to look like core or core,plan; unset it for all.",
        )
    return ",".join(name for name in names if name)


def set_value(value: str | None) -> str | None:
    """The variable's value, or None where it counts as unset.

    Claude Code hands on the literal text `${NAME}` when the variable of an `env` entry does not exist.
    """
    value = (value or "").strip()
    return None if not value or value.startswith("${") else value


def parse_origin(value: object, place: str) -> str:
    """`scheme://host[:port]` in its one spelling. `place` is named in the error."""
    parts = _parts(value.strip().lower()) if isinstance(value, str) else None
    if parts is None:
        raise BadConfiguration(
            f"The server address in {place} is not one.",
            "It has to look like https://turbo.example.com or http://127.0.0.1:8080: no path, no user name.",
        )
    scheme, host, port = parts
    if scheme == "http" and host == "localhost":  # one login for both; a certificate would tell them apart
        host = "127.0.0.1"
    if scheme == "http" and not _is_loopback(host):
        raise BadConfiguration(
            f"The server address in {place} is http:// to another machine, which would send your key in the clear.",
            f"Use https://{host}; http:// is accepted for 127.0.0.1 and localhost only.",
        )
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def _parts(address: str) -> tuple[str, str, str] | None:
    """Scheme, host and port, "" without one; None where anything else is in it."""
    scheme, _, rest = address.removesuffix("/").partition("://")
    inside, bracket, rest = rest.partition("]") if rest.startswith("[") else ("", "", rest)
    name, colon, port = rest.partition(":")
    is_host = not name and _consists(inside[1:], _IN_BRACKETS) if bracket else _consists(name, _IN_A_NAME)
    is_port = not colon or (len(port) <= 5 and _consists(port, _DIGITS) and 0 < int(port) < 65536)
    return (scheme, inside + bracket + name, port) if scheme in _DEFAULT_PORTS and is_host and is_port else None


def _consists(text: str, characters: str) -> bool:
    return text != "" and text.strip(characters) == ""


def _is_loopback(host: str) -> bool:
    first, *others = host.split(".")
    is_127 = first == "127" and len(others) == 3 and all(len(n) <= 3 and _consists(n, _DIGITS) for n in others)
    return is_127 or host in ("localhost", "[::1]")


def stamp() -> tuple[int, int, int] | None:
    """Changes whenever the config file was written."""
    try:
        status = os.stat(paths.config_file())
    except (OSError, BadConfiguration):
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def remember(origin: str, login: Login | None, *, as_default: bool) -> None:
    """Note a login, or forget it with None; entries that are not ours stay. Always rewrites the file: see stamp()."""
    stored = _read()
    logins = stored.get("logins")
    stored["logins"] = logins = dict(logins) if isinstance(logins, dict) else {}
    if login is None:
        logins.pop(origin, None)
    else:
        logins[origin] = login.fields()
    if as_default:
        stored["api_url"] = origin
    import json  # not at the top: see json_text.py

    paths.write_private(paths.config_file(), json.dumps(stored, indent=2).encode() + b"\n")


def _read() -> dict[str, Any]:
    path = paths.config_file()
    try:
        with open(path, "rb") as file:
            stored = json_text.parse_file(file.read())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be read ({error.strerror}).", "Make it readable for you.") from None
    except (ValueError, RecursionError):
        stored = None
    if not isinstance(stored, dict):
        raise BadConfiguration(f"{path} is not a JSON object.", "Mend it, or delete it and run `turbo-client login`.")
    return stored


def _logins(stored: object) -> dict[str, Login]:
    """What can be read of them: a damaged note costs a cached tool list, not the session."""
    logins = {}
    for origin, fields in stored.items() if isinstance(stored, dict) else ():
        if isinstance(fields, dict) and isinstance(fields.get("fingerprint"), str):
            known = {name: fields[name] for name in Login.__slots__ if isinstance(fields.get(name), str)}
            logins[origin] = Login(**({"store": ""} | known))
    return logins
