"""The Makefile and the scripts behind it, as far as they can be tried without installing anything."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASH, SH = "/bin/bash", "/bin/sh"


def make(*arguments: str) -> str:
    # Without the flags of a make that runs the tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def script(folder: Path, name: str) -> Path:
    """A copy in a checkout that holds nothing else."""
    copy = folder / ".ci" / name
    copy.parent.mkdir()
    shutil.copy(ROOT / ".ci" / name, copy)
    return copy


def test_make_alone_lists_every_target_with_what_it_does() -> None:
    [declared] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", make(), re.MULTILINE))
    assert set(listed) == set(declared.split())


def test_test_sets_up_checks_and_leaves_out_only_what_is_slow() -> None:
    plan = make("--dry-run", "test")
    checks = ("ruff check", "ruff format --check", "mypy")
    steps = [".ci/setup --tests", ".ci/page --if-can", *checks, 'pytest -n 3 --dist worksteal -m "not slow"']
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("code", [0, 1, 2, 5])
def test_ci_ends_with_the_test_runners_own_exit_code(tmp_path: Path, code: int) -> None:
    run = script(tmp_path, "run")
    (tmp_path / "Makefile").write_text(
        f"test:\n\t@[ $$CI = true ]; mkdir -p .make; echo {code} >.make/pytest-status; exit {code}\n"
    )
    assert subprocess.run([BASH, run], cwd="/", check=False, capture_output=True).returncode == code


def test_ci_fails_when_it_does_not_come_to_the_tests(tmp_path: Path) -> None:
    run = script(tmp_path, "run")
    (tmp_path / "Makefile").write_text("test:\n\t@false\n")
    (tmp_path / ".make").mkdir()
    (tmp_path / ".make" / "pytest-status").write_text("0\n")  # of an earlier run
    assert subprocess.run([BASH, run], cwd="/", check=False, capture_output=True).returncode != 0


def test_set_up_refuses_an_argument_it_does_not_know(tmp_path: Path) -> None:
    ended = subprocess.run([SH, script(tmp_path, "setup"), "--all"], check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "usage: .ci/setup [--tests]" in ended.stderr


def test_without_node_the_page_is_left_as_it_was_or_the_package_is_named(tmp_path: Path) -> None:
    page, programs = script(tmp_path, "page"), tmp_path / "bin"
    (tmp_path / "frontend").mkdir()
    programs.mkdir()
    for name in ("dirname", "find", "sort", "xargs", "cksum", "cat", "env"):
        (programs / name).symlink_to(shutil.which(name) or name)
    (programs / "node").write_text("#!/bin/sh\nexit 1\n")  # one that is too old for the page answers so
    (programs / "node").chmod(0o755)
    for arguments, code in ((["--if-can"], 0), ([], 1)):
        ended = subprocess.run(
            [SH, page, *arguments], env={"PATH": str(programs)}, check=False, capture_output=True, text=True
        )
        assert (ended.returncode, "apt-get install nodejs npm" in ended.stderr) == (code, True), ended.stderr


def test_set_up_passes_over_a_python_that_does_not_run_and_says_what_is_needed(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "id"):
        (programs / name).symlink_to(shutil.which(name) or name)
    for name in ("python3", "python3.13"):
        (programs / name).write_text("#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
        (programs / name).chmod(0o755)
    ended = subprocess.run(
        [SH, script(tmp_path, "setup")], env={"PATH": str(programs)}, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "Python 3.11 or newer" in ended.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.slow
def test_a_fresh_clone_is_set_up_and_the_second_time_is_quick(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True
    )
    first = subprocess.run([clone / ".ci" / "setup"], check=True, capture_output=True, text=True, timeout=600)
    assert "making .venv" in first.stderr
    for program in ("turbo-client", "turbo-server"):
        subprocess.run([clone / ".venv" / "bin" / program, "--version"], check=True, timeout=60)
    second = subprocess.run([clone / ".ci" / "setup"], check=True, capture_output=True, text=True, timeout=10)
    assert second.stderr == ""
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True, capture_output=True, text=True)
    assert status.stdout == ""
