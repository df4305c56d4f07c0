"""Builds `Dockerfile.fly`, on a base made of this machine."""

import contextlib
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.hosting import stub_base
from tests.hosting.images import CHROOT, ROOT, Images
from tests.house.tracked_files import tracked_files

BASE = "docker.io/library/python:3.13-slim"
INPUTS = ("Dockerfile.fly", ".dockerignore", "server")
IMAGES = Images("images")


@contextlib.contextmanager
def image() -> Iterator[str]:
    """The name of the image of this checkout."""
    name = f"localhost/turbo-server:{_hash()}"
    with IMAGES.hold(name, lambda: _build(name)):
        yield name


def _build(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stub_base.write(Path(folder))
        IMAGES.run("bud", *CHROOT, "--pull-never", "--quiet", "--tag", BASE, folder)
    IMAGES.run("bud", *CHROOT, "--pull-never", "--tag", name, "--file", "Dockerfile.fly", ".")


def _hash() -> str:
    inputs = [path for path in tracked_files() if str(path).startswith(INPUTS)]
    made_by = [Path(__file__), Path(stub_base.__file__)]
    digest = hashlib.sha256(f"{sys.version}{sys.base_prefix}".encode())
    for path in [*(ROOT / path for path in inputs), *made_by]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
