"""The page of both command lines: what `--help` prints, as it prints it."""

import os
import subprocess
import sys

from turbo_client.cli import VERBS as CLIENT_VERBS
from turbo_server.cli import VERBS as SERVER_VERBS

WIDTH = "100"


def page() -> str:
    keys = ("create", "generate", "list", "revoke")
    client = [["turbo-client"], *(["turbo-client", verb] for verb in CLIENT_VERBS)]
    server = [["turbo-server"], *(["turbo-server", verb] for verb in SERVER_VERBS)]
    commands = [*client, *server, *(["turbo-server", "keys", action] for action in keys)]
    return "# Command lines\n\n" + "\n".join(_section(command) for command in commands)


def _section(command: list[str]) -> str:
    return f"## {' '.join(command)}\n\n```\n{_help(command)}```\n"


def _help(command: list[str]) -> str:
    module = command[0].replace("-", "_")
    # Python 3.13 and 3.14 print help with other spaces and colours: the page is made from one width without colour.
    environment = {**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1", "HOME": "/nonexistent", "PYTHON_COLORS": "0"}
    done = subprocess.run(
        [sys.executable, "-m", module, *command[1:], "--help"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout
