"""`turbo-client login`: from a key that is given, make one for this machine, and keep that where only its user can read
it. The given one is stored nowhere."""

import argparse
import contextlib
import getpass
import os
import socket
import sys

from turbo_client import account, api_key, catalogue, config, credentials, machine_keys, people
from turbo_client.account import Account
from turbo_client.backend import Backend, Request
from turbo_client.earlier_key import Earlier, StoredKey
from turbo_client.errors import KeyRefused, ServerTooOld, TurboClientError, UsageError
from turbo_client.terminal import say

SUMMARY = "Make an API key for this machine from the one you give, and store it."

_EXAMPLES = """\
examples:
  turbo-client login                                   asks for the key without showing it
  turbo-client login --url https://turbo.example.com   and remembers the server
  turbo-client login --with-token < key.txt            for scripts
  turbo-client login --machine "work laptop"           what `turbo-client machines` calls it

The key that you give is not stored: this machine gets one of its own, which may do no more and lasts no longer, and
which sessions renew while they use it. A key is made on the server with `turbo-server keys create --name NAME`.
With an invitation (turbo_inv_...) you join its workspace, and it is used up."""

_LONGEST_INPUT = 4096
_LONGEST_NAME = 80


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "--url", help="the server, such as https://turbo.example.com; remembered for all later commands"
    )
    parser.add_argument("--with-token", action="store_true", help="read the key from stdin instead of asking for it")
    parser.add_argument(
        "--insecure-storage",
        action="store_true",
        help="keep the key in a file that only you can read, for machines without a keyring",
    )
    parser.add_argument("--machine", help="what to call this machine; its host name without")
    parser.add_argument(
        "--scope", choices=["read", "write", "admin"], help="what the machine's key may do; as the given one without"
    )
    parser.add_argument(
        "--store-given",
        action="store_true",
        help="where the server is too old to make a key for this machine, store the given one",
    )


def run(arguments: argparse.Namespace) -> int:
    if config.set_value(os.environ.get(credentials.VARIABLE)) is not None:
        raise UsageError(
            "The environment sets TURBO_API_KEY, which comes before any stored key.",
            "Unset it (`unset TURBO_API_KEY`) to log in, or go on without logging in.",
        )
    loaded = config.load()
    origin = config.parse_origin(arguments.url, "--url") if arguments.url else loaded.origin
    _require_terminal(with_token=arguments.with_token)
    if not arguments.insecure_storage:
        credentials.require_keyring(origin)  # before anybody takes a key out for nothing
    given = _read_key(origin, with_token=arguments.with_token)
    backend = account.connect(origin)
    earlier = Earlier(backend, loaded.logins.get(origin))
    made = _join(backend, given, arguments) if api_key.is_invitation(given) else _make(backend, given, arguments)
    place = _store(backend, made, arguments)
    owner = account.look_up(backend, made.value)
    _save_catalogue(backend, made.value)
    store = credentials.FILE if arguments.insecure_storage else credentials.KEYRING
    login = owner.login(api_key.fingerprint(made.value), store, made.id)
    config.remember(origin, login, as_default=bool(arguments.url))  # last: running sessions take it as their cue
    _report(origin, owner, place, made)
    earlier.end(made, owner)
    return 0


def _join(backend: Backend, invitation: str, arguments: argparse.Namespace) -> StoredKey:
    """The key of this machine that an invitation becomes; it is used up by that."""
    machine = _machine(arguments)
    made, role = people.join(_asking(backend, invitation), machine)
    say(f"The invitation is used: you joined as {role}.")
    return StoredKey(made.value, made.id, machine)


def _make(backend: Backend, given: str, arguments: argparse.Namespace) -> StoredKey:
    """A key for this machine, made with the one that was given."""
    _require_accepted(backend, given)
    machine = _machine(arguments)
    try:
        made = machine_keys.make(_asking(backend, given), machine, arguments.scope)
    except ServerTooOld as problem:
        if arguments.store_given:
            return StoredKey(given, "", "")
        hint = f"{problem.hint} Until then `turbo-client login --store-given` keeps the very key that you give."
        raise ServerTooOld(f"{problem.message} Nothing was stored.", hint) from None
    return StoredKey(made.value, made.id, machine)


def _machine(arguments: argparse.Namespace) -> str:
    return (arguments.machine or socket.gethostname()).strip()[:_LONGEST_NAME] or "machine"


def _store(backend: Backend, made: StoredKey, arguments: argparse.Namespace) -> str:
    place = credentials.FILE if arguments.insecure_storage else credentials.KEYRING
    try:
        return credentials.store(backend.origin, made.value, place)
    except (TurboClientError, OSError):
        if made.id:  # a key that nobody has must not stay valid
            with contextlib.suppress(TurboClientError):
                machine_keys.revoke(_asking(backend, made.value), int(made.id))
        raise


def _asking(backend: Backend, key: str) -> machine_keys.Ask:
    return lambda request: backend.ask(request, key)


def _require_terminal(*, with_token: bool) -> None:
    if not with_token and not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for the key.", "Use `turbo-client login --with-token < FILE`.")


def _read_key(origin: str, *, with_token: bool) -> str:
    if with_token:
        return api_key.require_given(sys.stdin.read(_LONGEST_INPUT).strip(), "stdin")
    try:
        key = getpass.getpass(f"API key for {origin} (it is not shown): ")
    except EOFError:
        raise UsageError("No key was given.", "Nothing was stored.") from None
    return api_key.require_given(key.strip(), "your input")


def _require_accepted(backend: Backend, key: str) -> None:
    try:
        account.look_up(backend, key)
    except KeyRefused as refusal:
        raise KeyRefused(
            f"{backend.origin} does not accept this key; it was not stored.",
            "Use a key made on that server with `turbo-server keys create --name NAME`.",
            status=refusal.status,
            code=refusal.code,
        ) from None


def _save_catalogue(backend: Backend, key: str) -> None:
    """So that the first session already finds the tools on disk. Without it, it will ask for them itself."""
    try:
        answer = backend.ask(Request("GET", "/v1/tools"), key)
        taken = catalogue.from_answer(answer.json_object(), answer.headers.get("etag", ""), answer.max_age)
        if taken is not None:
            catalogue.save(taken[0], backend.origin, api_key.fingerprint(key))
    except (TurboClientError, OSError) as error:
        detail = error.text if isinstance(error, TurboClientError) else error.strerror
        say(f"The tool list was not saved ({detail}); sessions will ask for it themselves.")


def _report(origin: str, owner: Account, place: str, made: StoredKey) -> None:
    say(f"Logged in to {origin} as {owner.name} (workspace {owner.workspace}).")
    if made.id:
        end = machine_keys.told_end(owner.expires_at, renews=owner.is_renewable)
        say(f"This machine has a key of its own now: {made.machine} ({owner.scope}, {end}).")
        say(f"It is stored in the {place}; the key that you gave is not.")
    else:
        say(f"The server is too old to make a key for this machine: the one that you gave is stored in the {place}.")
    if place.startswith(credentials.FILE):
        say("It stands there in plain text: readable by you, by backups and by whatever runs as you.")
    if config.load().origin != origin:
        say(f"Commands still talk to {config.load().origin}: {config.URL_VARIABLE} is set. Unset it to use {origin}.")
    say("Next: `turbo-client install` puts it into Claude Code; running sessions take up the login by themselves.")
