"""`turbo-client` as a whole: help, versions, and one verb imported at a time."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

import pytest

from tests.client.conftest import Environment
from turbo_client import __version__
from turbo_client.cli import VERBS

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_version_is_the_packages(run: Run, environment: Environment) -> None:
    assert __version__ == version("turbo-client")
    assert run(environment, "--version").stdout == f"turbo-client {__version__}\n"


@pytest.mark.parametrize("ask", [[], ["--help"]])
def test_help_names_every_verb_and_how_to_begin(run: Run, environment: Environment, ask: list[str]) -> None:
    done = run(environment, *ask)
    assert done.returncode == 0
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)
    assert "turbo-client login" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(run: Run, environment: Environment, verb: str) -> None:
    done = run(environment, verb, "--help")
    assert done.returncode == 0
    assert "turbo-client" in done.stdout.partition("\n\n")[2]


def test_an_unknown_verb_is_a_usage_error_with_the_next_command(run: Run, environment: Environment) -> None:
    done = run(environment, "lgin")
    assert (done.returncode, done.stdout) == (2, "")
    assert "turbo-client --help" in done.stderr


def test_a_verb_of_nearly_that_name_is_suggested(run: Run, environment: Environment) -> None:
    assert "Did you mean login?" in run(environment, "logon").stderr
    assert "Did you mean" not in run(environment, "zzzz").stderr


def test_only_the_chosen_verb_is_imported(environment: Environment) -> None:
    script = (
        "import sys; from turbo_client.cli import run; run(['logout']); print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment, check=True)
    loaded = {name for name in done.stderr.decode().split() if name.startswith("turbo_client.cli.")}
    assert loaded == {"turbo_client.cli.exit_codes", "turbo_client.cli.logout"}


def test_errors_are_bold_only_where_a_terminal_wants_it(run: Run, environment: Environment) -> None:
    assert "\x1b" not in run(environment, "status").stderr
