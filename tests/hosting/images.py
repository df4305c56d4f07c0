"""The only place that runs buildah: images kept under the hash of what they are made of, without a daemon.

Needs root and buildah; without them the tests are skipped, and in CI (`CI=true`) they fail.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.node_programs import cache

ROOT = Path(__file__).parents[2]
CHROOT = ("--isolation", "chroot")  # as it runs on any Linux, without user namespaces and without a runtime


@dataclass(frozen=True)
class Images:
    """A place for the images of one product, beside what the tests fetch."""

    name: str

    @contextlib.contextmanager
    def hold(self, image: str, build: Callable[[], None]) -> Iterator[None]:
        """Built if it is not there; everything else is thrown away then.

        Until the end nobody builds another, which would take its place: neither a second process nor another checkout.
        """
        self._require()
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            while not self._has(image):
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not self._has(image):
                    self.run("rm", "--all")
                    self.run("rmi", "--all", "--force")
                    build()
                fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def run(self, *words: str | Path) -> str:
        ended = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, cwd=ROOT)
        if ended.returncode:
            pytest.fail(f"buildah {words[0]} failed:\n{ended.stdout[-4000:]}{ended.stderr[-4000:]}", pytrace=False)
        return ended.stdout.strip()

    def command(self, *words: str | Path) -> Sequence[str | Path]:
        return ["buildah", "--root", self._home / "storage", "--runroot", self._home / "run", *words]

    def _has(self, image: str) -> bool:
        return bool(self.run("images", "--quiet", "--filter", f"reference={image}"))

    @property
    def _home(self) -> Path:
        return cache() / self.name

    def _require(self) -> None:
        if not shutil.which("buildah"):
            _unavailable("buildah is not installed; `.ci/setup --tests` does it where it may install Debian packages")
        if os.geteuid() != 0:
            _unavailable("building it needs root")


def _unavailable(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the image: {why}", pytrace=False)
    pytest.skip(f"The image cannot be built here: {why}")
