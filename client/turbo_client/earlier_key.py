"""The key that this machine had before: after a login it is ended instead of being left to whoever finds it."""

import contextlib

from turbo_client import credentials, machine_keys
from turbo_client.account import Account
from turbo_client.backend import Backend
from turbo_client.config import Login
from turbo_client.errors import TurboClientError
from turbo_client.terminal import say


class StoredKey:
    """The one that this machine keeps. Without an `id` it is the given one. Its repr never shows the value."""

    __slots__ = ("id", "machine", "value")

    def __init__(self, value: str, key_id: str, machine: str) -> None:
        self.value = value
        self.id = key_id
        self.machine = machine

    def __repr__(self) -> str:
        return f"StoredKey(id={self.id})"


class Earlier:
    """Looked up before the new key takes its place. Only a key that was made for this machine is ended."""

    def __init__(self, backend: Backend, login: Login | None) -> None:
        self._backend = backend
        self._login = login if login is not None and login.key_id.isdigit() else None
        self._value = ""
        if self._login is not None:
            with contextlib.suppress(TurboClientError):  # lost, or the keyring is mute: its number is noted
                self._value = credentials.stored(backend.origin, self._login).value

    def end(self, made: StoredKey, owner: Account) -> None:
        """By itself, or by the new one of the same person."""
        login = self._login
        if login is None or login.key_id == made.id:
            return
        is_same_person = (login.account, login.workspace) == (owner.name, owner.workspace)
        keys = [self._value, made.value if is_same_person else ""]
        if any(key and revoked(self._backend, key, login.key_id) for key in keys):
            say("The key that this machine had before is revoked.")
        else:
            say(f"The key that this machine had before ({login.account}, number {login.key_id}) could not be revoked:")
            say("`turbo-client machines` shows it to its owner, if it still works.")


def revoked(backend: Backend, key: str, key_id: str) -> bool:
    try:
        machine_keys.revoke(lambda request: backend.ask(request, key), int(key_id))
    except TurboClientError:
        return False
    return True
