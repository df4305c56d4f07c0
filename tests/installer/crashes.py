"""Runs the installer over and over on one machine and kills it, -9, each time somewhere else.

    python -m tests.installer.crashes FOLDER steps N        once before every Nth of its file operations
    python -m tests.installer.crashes FOLDER moments N SEED N times, each at a random moment

Prints what it did as JSON. It is a program of its own, with one thread, because it forks.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.installer.machine import Machine, machine_in
from turbo_installer.installation import install, uninstall

SETTINGS = b'\xef\xbb\xbf{\r\n\t"permissions": {"allow": ["a"], "deny": []},\r\n\t"unknown": [1.0, 1e3]\r\n}'
CLAUDE_JSON = b'{"z": 1, "a": 2, "mcpServers": {"other": {"command": "x"}}}\n'
WATCHED = ("open", "subprocess.", "os.", "fcntl.")


def main(folder: Path, mode: str, *numbers: str) -> dict[str, Any]:
    with machine_in(folder) as machine:
        machine.write(machine.home / "dotfiles" / "settings.json", SETTINGS, 0o600)
        machine.folder.mkdir()
        machine.settings.symlink_to(machine.home / "dotfiles" / "settings.json")
        machine.write(machine.claude_json, CLAUDE_JSON, 0o644)
        crashes = Crashes(machine)
        act = crashes.at_steps if mode == "steps" else crashes.at_moments
        return act(*map(int, numbers))


class Crashes:
    """Knows every file as it is before an installation and after one, and accepts nothing else."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        (machine.home / ".local" / "state").mkdir(parents=True)
        self.old = machine.everything()
        _succeed(install)
        self.new = machine.everything()
        _succeed(uninstall)
        self.killed = 0
        assert machine.everything() == self.old, "uninstall left something"
        started = time.monotonic()
        _succeed(install)
        self.seconds = time.monotonic() - started
        _succeed(uninstall)

    def at_steps(self, stride: int) -> dict[str, Any]:
        steps = []
        for verb in (install, uninstall):
            step = 0
            while self._crash(verb, lambda step=step: _die_at(step)):  # type: ignore[misc]
                step += stride
            steps.append(step)
        return {"killed": self.killed, "steps": steps}

    def at_moments(self, kills: int, seed: int) -> dict[str, Any]:
        """On a busy machine many a run is over before its moment comes: those do not count."""
        chance = random.Random(seed)  # noqa: S311 - a reproducible choice of moments
        while self.killed < kills:
            delay = chance.uniform(0, self.seconds)
            self._crash(chance.choice((install, uninstall)), lambda: None, delay)
        return {"killed": self.killed, "seed": seed}

    def _crash(self, verb: Callable[[], Any], prepare: Callable[[], None], delay: float | None = None) -> bool:
        """Whether it was killed before it came to its end."""
        if verb is uninstall:
            _succeed(install)
        child = os.fork()
        if child == 0:
            prepare()
            verb()
            os._exit(0)
        if delay is not None:
            time.sleep(delay)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
        self.killed += os.WIFSIGNALED(status)
        self._check()
        return os.WIFSIGNALED(status)

    def _check(self) -> None:
        self._check_files()
        _succeed(install)
        assert self._visible() == self._visible(self.new), "install after a crash"
        _succeed(uninstall)
        assert self.machine.everything() == self.old, "uninstall after a crash"

    def _visible(self, everything: dict[str, object] | None = None) -> dict[str, object]:
        """All but the installer's own notes, which may hold one backup more."""
        found = everything or self.machine.everything()
        return {name: found[name] for name in found if not name.startswith(".local")}

    def _check_files(self) -> None:
        now = self.machine.everything()
        for name in {*self.old, *self.new}:
            if not name.startswith(".local"):
                allowed = (self.old.get(name), self.new.get(name))
                assert now.get(name) in allowed, f"{name} is neither old nor new: {now.get(name)}"


def _die_at(step: int) -> None:
    """Before the file operation of that number the process is gone, as after a kill -9 at that place."""
    seen = -1

    def watch(event: str, _: object) -> None:
        nonlocal seen
        if event.startswith(WATCHED):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def _succeed(verb: Callable[[], Any]) -> None:
    outcome = verb()
    assert outcome.ok, outcome


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:])))
