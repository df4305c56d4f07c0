"""The only place that builds `Dockerfile.fly`: with buildah, without a daemon, on a base made of this machine.

Kept beside what the tests fetch, under the hash of everything that goes into it. Needs root and buildah; without them
the tests are skipped, and in CI (`CI=true`) they fail.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tests.hosting import stub_base
from tests.house.tracked_files import tracked_files
from tests.node_programs import cache

ROOT = Path(__file__).parents[2]
BASE = "docker.io/library/python:3.13-slim"
INPUTS = ("Dockerfile.fly", ".dockerignore", "server")
CHROOT = ("--isolation", "chroot")  # as it runs on any Linux, without user namespaces and without a runtime


@contextlib.contextmanager
def image() -> Iterator[str]:
    """The name of the image of this checkout, built if it is not there.

    Until the end nobody builds another, which would take its place: neither a second process nor another checkout.
    """
    _require()
    name = f"localhost/turbo-server:{_hash()}"
    _home().mkdir(parents=True, exist_ok=True)
    with (_home() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        while not _is_there(name):
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_there(name):
                _build(name)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield name


def _is_there(name: str) -> bool:
    return bool(buildah("images", "--quiet", "--filter", f"reference={name}"))


def buildah(*words: str | Path) -> str:
    ended = subprocess.run(buildah_command(*words), capture_output=True, text=True, check=False, cwd=ROOT)
    if ended.returncode:
        pytest.fail(f"buildah {words[0]} failed:\n{ended.stdout[-4000:]}{ended.stderr[-4000:]}", pytrace=False)
    return ended.stdout.strip()


def buildah_command(*words: str | Path) -> Sequence[str | Path]:
    return ["buildah", "--root", _home() / "storage", "--runroot", _home() / "run", *words]


def _build(name: str) -> None:
    buildah("rm", "--all")
    buildah("rmi", "--all", "--force")
    with tempfile.TemporaryDirectory() as folder:
        stub_base.write(Path(folder))
        buildah("bud", *CHROOT, "--pull-never", "--quiet", "--tag", BASE, folder)
    buildah("bud", *CHROOT, "--pull-never", "--tag", name, "--file", "Dockerfile.fly", ".")


def _hash() -> str:
    inputs = [path for path in tracked_files() if str(path).startswith(INPUTS)]
    made_by = [Path(__file__), Path(stub_base.__file__)]
    digest = hashlib.sha256(f"{sys.version}{sys.base_prefix}".encode())
    for path in [*(ROOT / path for path in inputs), *made_by]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _home() -> Path:
    return cache() / "images"


def _require() -> None:
    if not shutil.which("buildah"):
        _unavailable("buildah is not installed; `.ci/setup --tests` does it where it may install Debian packages")
    if os.geteuid() != 0:
        _unavailable("building it needs root")


def _unavailable(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the image: {why}", pytrace=False)
    pytest.skip(f"The image cannot be built here: {why}")
