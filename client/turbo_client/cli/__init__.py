"""The dispatcher: one verb, one file. Only the chosen verb's file is imported."""

import argparse
import importlib
from collections.abc import Callable
from typing import Protocol

from turbo_client import __version__
from turbo_client.cli.exit_codes import exit_code
from turbo_client.errors import TurboClientError
from turbo_client.terminal import emphasised, out, say

VERBS = (
    "login", "logout", "status", "web", "machines", "people", "install", "uninstall", "doctor", "tools", "call",
    "serve",
)  # fmt: skip

_ABOUT = "Turbo-Plan: shared memory for Claude Code. Issues, work logs and status in every session, on every machine."
_START = """\
to begin:
  turbo-client login --url https://turbo.example.com
  turbo-client install
  turbo-client status

`turbo-client VERB --help` tells more about a verb."""


class Verb(Protocol):
    """What a module in this folder offers. `prepare`, where there is one, reads its words before argparse does."""

    SUMMARY: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


def run(argv: list[str]) -> int:
    """The process's exit code."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        out(_overview())
        return 0
    if argv[0] in ("-V", "--version"):
        out(f"turbo-client {__version__}")
        return 0
    if argv[0] not in VERBS:
        from difflib import get_close_matches  # here: for a mistake only

        near = get_close_matches(argv[0], VERBS, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        say(f"{emphasised('error:')} there is no verb {argv[0]!r}.{meant} Run `turbo-client --help` to see them.")
        return 2
    verb = _load(argv[0])
    parser = argparse.ArgumentParser(
        prog=f"turbo-client {argv[0]}", description=verb.SUMMARY, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verb.configure(parser)
    prepare: Callable[[list[str]], list[str]] = getattr(verb, "prepare", list)
    return _run(verb, parser.parse_args(prepare(argv[1:])))


def _run(verb: Verb, arguments: argparse.Namespace) -> int:
    try:
        return verb.run(arguments)
    except TurboClientError as error:
        say(f"{emphasised('error:')} {error.text}")
        return exit_code(error)
    except KeyboardInterrupt:
        say("")
        return 130


def _overview() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:{width}}  {_load(verb).SUMMARY}" for verb in VERBS)
    return f"usage: turbo-client VERB [...] | --help | --version\n\n{_ABOUT}\n\nverbs:\n{verbs}\n\n{_START}"


def _load(verb: str) -> Verb:
    module: Verb = importlib.import_module(f"turbo_client.cli.{verb}")
    return module
