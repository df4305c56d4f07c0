"""`turbo-client login`: check a key against the server, then keep it where only this user can read it."""

import argparse
import getpass
import os
import sys

from turbo_client import account, api_key, catalogue, config, credentials
from turbo_client.account import Account
from turbo_client.backend import Backend, Request
from turbo_client.errors import KeyRefused, TurboClientError, UsageError
from turbo_client.terminal import say

SUMMARY = "Store your API key for a server, after checking it there."

_EXAMPLES = """\
examples:
  turbo-client login                                   asks for the key without showing it
  turbo-client login --url https://turbo.example.com   and remembers the server
  turbo-client login --with-token < key.txt            for scripts

A key is made on the server with `turbo-server keys create --name NAME`."""

_LONGEST_INPUT = 4096


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


def run(arguments: argparse.Namespace) -> int:
    if config.set_value(os.environ.get(credentials.VARIABLE)) is not None:
        raise UsageError(
            "The environment sets TURBO_API_KEY, which comes before any stored key.",
            "Unset it (`unset TURBO_API_KEY`) to log in, or go on without logging in.",
        )
    origin = config.parse_origin(arguments.url, "--url") if arguments.url else config.load().origin
    if not arguments.insecure_storage:
        credentials.require_keyring(origin)  # before anybody takes a key out for nothing
    key = _read_key(origin, with_token=arguments.with_token)
    backend = account.connect(origin)
    owner = _owner(backend, key)
    if arguments.insecure_storage:
        store, place = credentials.FILE, credentials.store_in_file(origin, key)
    else:
        store, place = credentials.KEYRING, credentials.store_in_keyring(origin, key)
    _save_catalogue(backend, key)
    login = owner.login(api_key.fingerprint(key), store)
    config.remember(origin, login, as_default=bool(arguments.url))  # last: running sessions take it as their cue
    _report(origin, owner, place)
    return 0


def _read_key(origin: str, *, with_token: bool) -> str:
    if with_token:
        return api_key.require_sound(sys.stdin.read(_LONGEST_INPUT).strip(), "stdin")
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for the key.", "Use `turbo-client login --with-token < FILE`.")
    try:
        key = getpass.getpass(f"API key for {origin} (it is not shown): ")
    except EOFError:
        raise UsageError("No key was given.", "Nothing was stored.") from None
    return api_key.require_sound(key.strip(), "your input")


def _owner(backend: Backend, key: str) -> Account:
    try:
        return account.look_up(backend, key)
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


def _report(origin: str, owner: Account, place: str) -> None:
    say(f"Logged in to {origin} as {owner.name} (workspace {owner.workspace}).")
    say(f"The key is stored in the {place}.")
    if place.startswith(credentials.FILE):
        say("It stands there in plain text: readable by you, by backups and by whatever runs as you.")
    if config.load().origin != origin:
        say(f"Commands still talk to {config.load().origin}: {config.URL_VARIABLE} is set. Unset it to use {origin}.")
    say("Next: `turbo-client install` puts it into Claude Code; running sessions take up the login by themselves.")
