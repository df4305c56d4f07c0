"""Who a key belongs to, by the server's own word."""

from turbo_client.alarms import Alarms
from turbo_client.backend import Backend, Request
from turbo_client.config import Login
from turbo_client.errors import OutcomeUnknown


class Account:
    """What a server does not say is empty: an older one knows neither scope nor end of a key."""

    __slots__ = ("expires_at", "is_renewable", "last4", "name", "scope", "server_version", "workspace")

    def __init__(self, answer: dict[str, object]) -> None:
        told = answer.get("key")
        key = told if isinstance(told, dict) else {}
        self.name = _text(answer.get("name"))
        self.workspace = _text(answer.get("workspace"))
        self.server_version = _text(answer.get("server_version"))
        self.last4 = _text(key.get("last4"))
        self.scope = _text(key.get("scope"))
        self.expires_at = _text(key.get("expires_at"))
        self.is_renewable = key.get("is_renewable") is True
        if not self.name:
            raise OutcomeUnknown("The server did not say whose key this is.", "Is it a Turbo-Plan server?")

    def login(self, fingerprint: str, store: str, key_id: str = "") -> Login:
        return Login(fingerprint, store, self.name, self.workspace, self.last4, key_id)


def look_up(backend: Backend, key: str) -> Account:
    """Raises KeyRefused for a key that the server does not accept, and CallFailed."""
    return Account(backend.ask(Request("GET", "/v1/me"), key).json_object())


def connect(origin: str) -> Backend:
    return Backend(origin, Alarms())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
