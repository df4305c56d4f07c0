"""The API key: where it comes from and where it is put. The only file that knows the keyring.

Precedence: TURBO_API_KEY, then the operating system's keyring, then a file that only `login --insecure-storage` makes.
A key belongs to one API origin and is never given out for another. The keyring runs in a process of its own, because a
locked or mute one can hang for minutes, and a thread that hangs cannot be ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from turbo_client import api_key, key_file, paths
from turbo_client.config import Login, set_value
from turbo_client.errors import KeyStoreFailed, NotLoggedIn

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "TURBO_API_KEY"
ENVIRONMENT, KEYRING, FILE = "environment", "keyring", "file"
SERVICE = "turbo-client"
TIME_LIMIT = 3.0
_UNTRUSTED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")

_LOGIN = "Run `turbo-client login` in a terminal."
_WITHOUT_KEYRING = (
    "Unlock or start the keyring and try again; or set TURBO_API_KEY; or store the key readable by you only with"
    " `turbo-client login --insecure-storage`."
)


class Credential:
    """A key with its source. Its repr never shows the value."""

    __slots__ = ("detail", "fingerprint", "source", "value")

    def __init__(self, value: str, source: str, detail: str) -> None:
        self.value = value
        self.source = source
        self.detail = detail
        self.fingerprint = api_key.fingerprint(value)

    @property
    def masked(self) -> str:
        return api_key.masked(self.value)

    def __repr__(self) -> str:
        return f"Credential({self.masked} from {self.detail})"


def find(origin: str, login: Login | None) -> Credential:
    """The key for this origin. Raises NotLoggedIn, and KeyStoreFailed where the keyring has it and does not answer.

    A login noted as `file` is looked up there at once: `login` leaves no other key beside it, and on a machine with a
    mute keyring the question would cost every session its whole time limit.
    """
    from_environment = set_value(os.environ.get(VARIABLE))
    if from_environment is not None:
        return Credential(api_key.require_sound(from_environment, VARIABLE), ENVIRONMENT, f"environment ({VARIABLE})")
    return stored(origin, login)


def stored(origin: str, login: Login | None) -> Credential:
    """As `find`, whatever the environment says."""
    if login is not None and login.store == FILE:
        return _from_file(origin) or _missing(origin)
    failure: KeyStoreFailed | None = None
    try:
        answer = _ask_keyring("get", origin)
    except KeyStoreFailed as error:
        failure, answer = error, {}
    if isinstance(answer.get("key"), str):
        return Credential(
            api_key.require_sound(answer["key"], "the keyring"), KEYRING, f"keyring ({answer['backend']})"
        )
    if failure is not None and login is not None:
        raise failure  # a file beside it may hold another key, an older one
    return _from_file(origin) or _missing(origin)


def _missing(origin: str) -> Credential:
    raise NotLoggedIn(f"There is no API key for {origin} on this machine.", _LOGIN)


def require_keyring(origin: str) -> None:
    """Raises KeyStoreFailed where no key could be put."""
    _ask_keyring("get", origin)


def store(origin: str, key: str, place: str) -> str:
    """`place` is KEYRING or FILE. Raises KeyStoreFailed."""
    return store_in_file(origin, key) if place == FILE else store_in_keyring(origin, key)


def store_in_keyring(origin: str, key: str) -> str:
    """Puts the key there, reads it back, and names the keyring. No other copy of it stays on this machine."""
    backend = _ask_keyring("set", origin, key)["backend"]
    key_file.drop(origin)
    return f"keyring ({backend})"


def store_in_file(origin: str, key: str) -> str:
    """Puts the key into a file that only its owner can read, and takes an older one out of the keyring."""
    with contextlib.suppress(KeyStoreFailed):  # no keyring that works, hence the file
        _ask_keyring("delete", origin)
    key_file.put(origin, key)
    return f"file ({paths.key_file()})"


def forget(origin: str, login: Login | None) -> list[str]:
    """The places a key for this origin was taken from. Raises KeyStoreFailed if the keyring may still hold it."""
    places = [f"file ({paths.key_file()})"] if key_file.drop(origin) else []
    try:
        answer = _ask_keyring("delete", origin)
    except KeyStoreFailed:
        if login is not None and login.store == KEYRING:
            raise
        return places
    return places + ([f"keyring ({answer['backend']})"] if answer["found"] else [])


def keyring_name() -> str:
    """The keyring that would be used. Raises KeyStoreFailed, saying why, if there is none to trust."""
    return str(_ask_keyring("name", "")["backend"])


def _from_file(origin: str) -> Credential | None:
    key = key_file.read().get(origin)
    if not isinstance(key, str):
        return None
    return Credential(api_key.require_sound(key, paths.key_file()), FILE, f"file ({paths.key_file()})")


def _ask_keyring(action: str, origin: str, key: str | None = None) -> dict[str, Any]:
    """One question to the keyring in a process that is killed when it takes too long. The key goes through pipes only.

    -P keeps the current folder, a project that may hold anything, out of that process's module path.
    """
    question = json.dumps({"action": action, "origin": origin, "key": key}).encode()
    command = [sys.executable, "-P", "-m", "turbo_client.credentials"]
    try:
        done = subprocess.run(
            command,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        message = f"The keyring did not answer within {TIME_LIMIT:.0f} seconds; it may be locked."
        raise KeyStoreFailed(message, _WITHOUT_KEYRING) from None
    except (OSError, ValueError):
        raise KeyStoreFailed("The keyring could not be asked.", _WITHOUT_KEYRING) from None
    if not isinstance(answer, dict) or "problem" in answer:
        raise KeyStoreFailed(str(answer["problem"]), _WITHOUT_KEYRING)
    return answer


def _answer_as_keyring_process() -> None:
    """The other end of _ask_keyring. Nothing of a foreign exception but its class goes back: texts may quote values."""
    question = json.loads(sys.stdin.buffer.read())
    try:
        answer = _do(question["action"], question["origin"], question["key"])
    except KeyStoreFailed as failure:
        answer = {"problem": failure.message}
    except Exception as error:  # noqa: BLE001 - backends raise what they like, RuntimeError and ImportError included
        answer = {"problem": f"The keyring failed ({type(error).__name__})."}
    sys.stdout.write(json.dumps(answer))


def _do(action: str, origin: str, key: str | None) -> dict[str, Any]:
    backend = _trustworthy_backend()
    name = f"{type(backend).__module__.rpartition('.')[2]}.{type(backend).__name__}"
    if action == "get":
        return {"backend": name, "key": backend.get_password(SERVICE, origin)}
    if action == "set" and key is not None:
        backend.set_password(SERVICE, origin, key)
        if backend.get_password(SERVICE, origin) != key:
            raise KeyStoreFailed(f"The keyring ({name}) took the key but does not give it back.", "")
    found = action == "delete" and backend.get_password(SERVICE, origin) is not None
    if found:
        backend.delete_password(SERVICE, origin)
    return {"backend": name, "found": found}


def _trustworthy_backend() -> KeyringBackend:
    """Told by name, not by success: keyrings.alt writes plain text, and `null` takes every key and keeps none."""
    import keyring  # imports for 0.2 s: only this process pays for it

    chosen = keyring.get_keyring()
    candidates: list[KeyringBackend] = list(getattr(chosen, "backends", [chosen]))
    for backend in candidates:
        module = type(backend).__module__
        if not module.startswith(_UNTRUSTED) and "plaintext" not in type(backend).__name__.lower():
            return backend
    names = ", ".join(f"{type(backend).__module__}.{type(backend).__name__}" for backend in candidates)
    raise KeyStoreFailed(f"There is no keyring on this machine that keeps secrets (found: {names or 'none'}).", "")


if __name__ == "__main__":
    _answer_as_keyring_process()
