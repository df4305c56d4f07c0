"""`turbo-client web`: the web page in a browser, signed in with this machine's key by a link that works once."""

import argparse
from urllib.parse import urlsplit

from turbo_client.backend import Request
from turbo_client.cli.exit_codes import EXPLAINED
from turbo_client.errors import OutcomeUnknown
from turbo_client.link import Link
from turbo_client.terminal import out, say

SUMMARY = "Open the web page in a browser, signed in."

_EXAMPLES = f"""\
examples:
  turbo-client web
  turbo-client web --print     the link, for a browser elsewhere

The link works once, for a minute. Whoever opens it may do what this machine's key may.

{EXPLAINED}"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--print", action="store_true", help="print the link instead of opening it")


def run(arguments: argparse.Namespace) -> int:
    link = Link()
    made = link.ask(Request("POST", "/v1/session/link", body=b"{}", reads=False)).json_object()
    code, page = made.get("code"), made.get("page") or link.config.origin
    if not (isinstance(code, str) and isinstance(page, str) and urlsplit(page).scheme in ("http", "https")):
        raise OutcomeUnknown("The server made no link.", "Is it a Turbo-Plan server, and as new as this client?")
    # Behind the #: what stands there a browser sends to nobody, so it reaches no log.
    address = f"{page}/sign-in#code={code}"
    if arguments.print:
        out(address)
        say("It works once, for a minute.")
        return 0
    return _open(address, page)


def _open(address: str, page: str) -> int:
    import webbrowser  # here: it looks for browsers as it is imported

    if webbrowser.open(address):
        say(f"{page} opens in your browser, signed in.")
        return 0
    say("error: no browser was found on this machine. `turbo-client web --print` shows the link for one elsewhere.")
    return 1
