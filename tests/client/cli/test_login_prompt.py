"""Logging in at a terminal: what is asked for, and when; and by either name of this machine."""

import contextlib
import json
import os
import pty
import subprocess
from collections.abc import Callable

from tests.client.cli.test_login import IN_FILE, stored
from tests.client.conftest import Environment
from tests.client.session import PROGRAM
from tests.client.stand_in import StandIn, make_key

Run = Callable[..., subprocess.CompletedProcess[str]]


def in_a_terminal(environment: Environment, typed: bytes, *words: str) -> tuple[int, str, str]:
    """(exit code, stdout, what the terminal showed)."""
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, "login", *words], stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, env=environment,
        start_new_session=True, text=True,
    ) as process:  # fmt: skip
        os.close(terminal)
        said = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody is there any more
            while chunk := os.read(main, 4096):
                said += chunk
                if typed and b"(it is not shown): " in said:  # what comes before is thrown away
                    os.write(main, typed)
                    typed = b""
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(main)
    return process.returncode, out, said.decode()


def test_without_a_keyring_it_says_so_before_it_asks_for_a_key(environment: Environment, backend: StandIn) -> None:
    code, _, said = in_a_terminal(environment, b"\x04", "--url", backend.origin)
    assert code == 5
    assert "--insecure-storage" in said
    assert "API key for" not in said


def test_the_end_of_the_input_at_the_prompt_stores_nothing(environment: Environment, backend: StandIn) -> None:
    code, _, said = in_a_terminal(environment, b"\x04", "--url", backend.origin, "--insecure-storage")
    assert (code, "No key was given." in said, "Traceback" in said) == (2, True, False)
    assert stored(environment) == []


def test_localhost_and_127_0_0_1_are_one_login(run: Run, environment: Environment, backend: StandIn) -> None:
    named = backend.origin.replace("127.0.0.1", "localhost")
    assert run(environment, *IN_FILE, "--url", named, stdin=make_key()).returncode == 0
    for url in (named, backend.origin):
        told = run(environment | {"TURBO_API_URL": url}, "status", "--json")
        assert json.loads(told.stdout)["server"] == backend.origin
        assert told.returncode == 0
