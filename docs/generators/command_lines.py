"""docs/reference/cli.md: the help of both programs, as they print it."""

import argparse
import contextlib
import importlib
import io
import os
from collections.abc import Callable
from unittest import mock

import turbo_client.cli
import turbo_server.cli
from docs.generators.markdown import code

WIDTH = "100"
INTRODUCTION = """\
# Command lines

`turbo-client` is what runs on your machine, `turbo-server` is the backend. Both write data to stdout and everything
else to stderr. This is the help as they print it. What the environment sets is in [Settings](settings.md).
"""


def page() -> str:
    parts = [INTRODUCTION, "## turbo-client\n", code(_help(turbo_client.cli.run, []))]
    for verb in turbo_client.cli.VERBS:
        parts += [f"### turbo-client {verb}\n", code(_help(turbo_client.cli.run, [verb]))]
    parts += ["## turbo-server\n", code(_help(turbo_server.cli.run, []))]
    for words in server_commands():
        parts += [f"### turbo-server {' '.join(words)}\n", code(_help(turbo_server.cli.run, words))]
    return "\n".join(parts)


def server_commands() -> list[list[str]]:
    """Every verb, and every action of one that has actions."""
    commands = []
    for verb in turbo_server.cli.VERBS:
        parser = argparse.ArgumentParser()
        importlib.import_module(f"turbo_server.cli.{verb}").configure(parser)
        commands += [[verb], *([verb, action] for action in _actions(parser))]
    return commands


def _actions(parser: argparse.ArgumentParser) -> list[str]:
    """argparse has no public way to them."""
    found = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]  # noqa: SLF001
    return [name for each in found for name in each.choices]


def _help(run: Callable[[list[str]], int], words: list[str]) -> str:
    printed = io.StringIO()
    plain = {"COLUMNS": WIDTH, "NO_COLOR": "1"}
    with mock.patch.dict(os.environ, plain), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        run([*words, "--help"])
    return printed.getvalue()
