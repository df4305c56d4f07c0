"""Keys as programs see them, and what can go wrong with one."""

from turbo_server.kit.errors import Conflict, NotFound, TurboError
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.scope import Scope

MOST_KEYS = 100  # of one person that work at the same time


class KeyShown(Result):
    """`projects` is left out where the key is limited to none; `expires_at` where it has no end; `client_version`, the
    turbo-client that used it last, where none has said so."""

    id: int
    person: str
    name: str
    machine: str | None = None
    scope: Scope
    last4: str
    projects: list[str] | None = None
    created_at: Moment
    last_used_at: Moment | None = None
    client_version: str | None = None
    expires_at: Moment | None = None
    is_renewable: bool
    is_current: bool


class Keys(Result):
    items: list[KeyShown]


class NewKey(Result):
    """`key` is shown once and stored nowhere."""

    id: int
    key: str
    name: str
    machine: str | None = None
    scope: Scope
    expires_at: Moment | None = None
    is_renewable: bool


class NewSecret(Result):
    """`key` is shown once and stored nowhere. The one before works until this is used, and a day longer."""

    id: int
    key: str


class KeyReceipt(Result):
    id: int
    name: str
    revoked: bool


class KeyTooWide(TurboError):
    status = 403
    code = "key_too_wide"

    def __init__(self, scope: str, own: str) -> None:
        super().__init__(
            f"A key of the scope {own} cannot make one of the scope {scope}.",
            f"Ask for {own} or less, or use a key that has {scope}.",
        )


class KeyTooLasting(TurboError):
    """Whoever asks for the secret of another key would have it when his own has ended."""

    status = 403
    code = "key_too_lasting"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} lasts longer than the key which asks, so this one gets no secret of it.",
            "Ask with a key that lasts as long, or make a new key, which ends when this one does.",
        )


class KeyOver(Conflict):
    code = "key_over"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has expired: a new secret of it would not work either.", "Make a new key instead.")


class NotAnOwner(TurboError):
    status = 403
    code = "not_an_owner"

    def __init__(self) -> None:
        super().__init__(
            "Everybody's keys are shown to an owner of the workspace, whose key has the scope admin and is limited to "
            "no projects.",
            "Ask without `everyone` for your own, or ask an owner.",
        )


class KeyNotFound(NotFound):
    code = "key_not_found"

    def __init__(self, key_id: int) -> None:
        super().__init__(
            f"There is no key {key_id} that this key may see.",
            "`turbo-client machines` lists yours: those that may do no more than the key which asks.",
        )


class TooManyKeys(Conflict):
    code = "too_many_keys"

    def __init__(self) -> None:
        super().__init__(
            f"There are {MOST_KEYS} keys of this person already.",
            "Revoke those that nobody uses: `turbo-client machines` shows when each was used last.",
        )


class KeyReplaced(Conflict):
    code = "key_replaced"

    def __init__(self) -> None:
        super().__init__(
            "A newer secret of this key is in use already; this one ends within a day.",
            "Use the newer one; where it is lost, run `turbo-client login` with another key.",
        )
