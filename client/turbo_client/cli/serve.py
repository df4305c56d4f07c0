"""`turbo-client serve`."""

import argparse

SUMMARY = "Run the MCP server on stdin and stdout; Claude Code starts it by itself."

_EXAMPLE = """\
in an MCP client's configuration:
  {"command": "turbo-client", "args": ["serve"]}

It answers at once, also while logged out or offline, and then says in its tool what is missing."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLE


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every verb gets them
    from turbo_client.stdio import serve

    return serve()
