"""A machine of its own for one test: a home folder, a program to register, and the verbs as a user types them."""

import argparse
import contextlib
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from turbo_client.cli import install, uninstall

VARIABLES = ("CLAUDE_CONFIG_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "CLAUDECODE")
RUNS = "#!/bin/sh\nexit 0\n"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Machine:
    home: Path
    program: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def folder(self) -> Path:
        return self.home / ".claude"

    @property
    def settings(self) -> Path:
        return self.folder / "settings.json"

    @property
    def claude_json(self) -> Path:
        return self.home / ".claude.json"

    def command(self, verb: str) -> Path:
        return self.folder / "commands" / f"turbo-{verb}.md"

    def install(self, *flags: str) -> Said:
        return _run(install, flags)

    def uninstall(self, *flags: str) -> Said:
        return _run(uninstall, flags)

    def write(self, path: Path, content: str | bytes, mode: int = 0o644) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    def put_on_path(self, name: str, script: str) -> Path:
        """An executable that every later run finds on PATH."""
        folder = self.home.parent / "path"
        path = self.write(folder / name, script, 0o755)
        self.monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return path

    def everything(self) -> dict[str, object]:
        """Every file with its bytes and mode, every link with its target, every folder with its mode."""
        return {str(path.relative_to(self.home)): _described(path) for path in sorted(self.home.rglob("*"))}


@contextlib.contextmanager
def machine_in(folder: Path) -> Iterator[Machine]:
    """Claude Code is not installed on it; the file of the turbo-client program is a stand-in that can be started."""
    home, program = folder / "home", folder / "venv" / "bin" / "turbo-client"
    home.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        for variable in VARIABLES:
            monkeypatch.delenv(variable, raising=False)
        machine = Machine(home, program, monkeypatch)
        machine.write(program, RUNS, 0o755)
        monkeypatch.setattr("sys.argv", [str(program), "install"])
        yield machine


def _run(verb: ModuleType, flags: tuple[str, ...]) -> Said:
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = verb.run(parser.parse_args(flags))
    return Said(code, out.getvalue(), err.getvalue())


def _described(path: Path) -> object:
    if path.is_symlink():
        return ("link", str(path.readlink()))
    mode = stat.S_IMODE(os.lstat(path).st_mode)
    return ("folder", mode) if path.is_dir() else (mode, path.read_bytes())
