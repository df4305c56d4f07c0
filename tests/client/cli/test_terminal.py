"""What somebody has written cannot steer the terminal of whoever reads it."""

import contextlib
import os
import pty
import subprocess

from tests.client.conftest import Environment
from tests.client.session import PROGRAM
from tests.client.stand_in import Reply, StandIn, error

TRICK = "safe\x1b]0;owned\x07\x1b[2J\r\x9b31mred\x7f\n\tnext"


def shown(environment: Environment, *words: str) -> bytes:
    """By a terminal on stdout and stderr."""
    main, terminal = pty.openpty()
    with subprocess.Popen([PROGRAM, *words], stdout=terminal, stderr=terminal, env=environment):
        os.close(terminal)
        said = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody is there any more
            while chunk := os.read(main, 4096):
                said += chunk
    os.close(main)
    return said.replace(b"\r\n", b"\n")


def test_a_terminal_shows_control_characters_and_does_not_obey_them(logged_in: Environment, backend: StandIn) -> None:
    backend.replies["/v1/tools/read_it"] = Reply(body={"title": TRICK})
    said = shown(logged_in, "call", "read_it").decode()
    assert not set("\x1b\x07\r\x9b\x7f") & set(said)
    assert r"safe\x1b]0;owned\x07\x1b[2J\x0d\x9b31mred\x7f" in said


def test_an_error_keeps_only_our_own_emphasis(logged_in: Environment, backend: StandIn) -> None:
    backend.replies["/v1/tools/read_it"] = error(404, "not_found", f"There is no {TRICK}.")
    said = shown(logged_in | {"TERM": "xterm"}, "call", "read_it").decode()
    assert said.startswith("\x1b[1merror:\x1b[0m There is no safe\\x1b]0;owned")


def test_a_file_or_a_pipe_gets_the_text_as_it_is(logged_in: Environment, backend: StandIn) -> None:
    backend.replies["/v1/tools/read_it"] = Reply(body={"title": TRICK})
    done = subprocess.run([PROGRAM, "call", "read_it"], capture_output=True, env=logged_in, check=True)
    assert "\x1b[2J" in done.stdout.decode()
