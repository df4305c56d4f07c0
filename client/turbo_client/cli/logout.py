"""`turbo-client logout`: end this machine's key, and take it and everything noted about it off this machine."""

import argparse
import os

from turbo_client import account, catalogue, config, credentials
from turbo_client.config import Login
from turbo_client.earlier_key import revoked
from turbo_client.errors import TurboClientError
from turbo_client.terminal import say

SUMMARY = "Revoke this machine's API key and remove it from this machine."

_EXAMPLES = """\
examples:
  turbo-client logout
  turbo-client logout --url https://turbo.example.com

A key that was made for this machine is revoked on the server. Any other stays valid: `turbo-server keys revoke ID` on
the server ends it."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--url", help="the server, if not the one that commands talk to")


def run(arguments: argparse.Namespace) -> int:
    loaded = config.load()
    origin = config.parse_origin(arguments.url, "--url") if arguments.url else loaded.origin
    login = loaded.logins.get(origin)
    if login is not None:
        _revoke(origin, login)
    places = credentials.forget(origin, login)
    if login is not None:
        catalogue.forget(origin, login.fingerprint)
        config.remember(origin, None, as_default=False)
    for place in places:
        say(f"Removed the key for {origin} from the {place}.")
    if not places:
        say(f"There was no stored key for {origin}. `turbo-client status` shows what is used.")
    if config.set_value(os.environ.get(credentials.VARIABLE)) is not None:
        say(f"{credentials.VARIABLE} is still set in this environment and will still be used: unset it too.")
    return 0


def _revoke(origin: str, login: Login) -> None:
    """A key that was given, and not made here, may be in use elsewhere: it is left alone."""
    if not login.key_id.isdigit():
        say("The key itself stays valid: `turbo-server keys revoke ID` on the server ends it.")
        return
    try:
        key = credentials.stored(origin, login).value
        is_revoked = revoked(account.connect(origin), key, login.key_id)
    except TurboClientError:
        is_revoked = False
    if is_revoked:
        say(f"This machine's key is revoked on {origin}.")
        return
    say(f"This machine's key could not be revoked: {origin} did not do it. It may still work there until it expires.")
    say(f"End it from another machine (`turbo-client machines revoke {login.key_id}`) or on the server")
    say(f"(`turbo-server keys revoke {login.key_id}`).")
