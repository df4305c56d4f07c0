"""`turbo-client logout`: take the key and everything noted about it off this machine."""

import argparse
import os

from turbo_client import catalogue, config, credentials
from turbo_client.terminal import say

SUMMARY = "Remove the stored API key for a server from this machine."

_EXAMPLES = """\
examples:
  turbo-client logout
  turbo-client logout --url https://turbo.example.com

The key itself stays valid: `turbo-server keys revoke ID` on the server ends it."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--url", help="the server, if not the one that commands talk to")


def run(arguments: argparse.Namespace) -> int:
    loaded = config.load()
    origin = config.parse_origin(arguments.url, "--url") if arguments.url else loaded.origin
    login = loaded.logins.get(origin)
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
