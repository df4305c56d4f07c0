"""Builds `frontend/Dockerfile`: Node and Python as this machine has them, and Debian as its own packages make it.

A Debian is made once, by mmdebstrap and of this machine's release, and kept beside what the tests fetch. No registry of
images is asked.
"""

import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosting import stub_base
from tests.hosting.images import CHROOT, ROOT, Images
from tests.house.tracked_files import tracked_files
from tests.node_programs import cache

HUB = "docker.io/library"
# The page, and what `doors/nginx.py` is made of.
RULES = ("doors/export.py", "doors/nginx.py", "doors/page_rules.py", "kit/errors.py", "kit/key_form.py")
INPUTS = ("frontend/", *(f"server/turbo_server/{name}" for name in RULES))
IMAGES = Images("web-images")
NPM = Path("/usr/lib/node_modules/npm")
# npm comes through this machine's own door: its certificate, and npm's settings for it, which hold no secret.
NODE = f"""\
FROM scratch
COPY root /
ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin NODE_EXTRA_CA_CERTS={stub_base.CERTIFICATES} \\
    npm_config_cafile={stub_base.CERTIFICATES}
"""
DEBIAN = "FROM scratch\nADD base.tar /\n"


@contextlib.contextmanager
def image() -> Iterator[str]:
    """The name of the image of this checkout."""
    name = f"localhost/turbo-web:{_hash()}"
    with IMAGES.hold(name, lambda: _build(name)):
        yield name


def _build(name: str) -> None:
    for base, write in {
        "node:22-slim": _write_node, "python:3.13-slim": stub_base.write, "debian:trixie-slim": _write_debian,
    }.items():  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder))
            IMAGES.run("bud", *CHROOT, "--pull-never", "--quiet", "--tag", f"{HUB}/{base}", folder)
    ignored = "frontend/Dockerfile.dockerignore"  # which docker finds by itself
    files = ("--file", "frontend/Dockerfile", "--ignorefile", ignored)
    IMAGES.run("bud", *CHROOT, "--pull-never", "--tag", name, *files, ".")


def _write_node(folder: Path) -> None:
    if not shutil.which("node") or not NPM.is_dir():
        pytest.skip("The image cannot be built here: there is no Node with npm of its own")
    root = stub_base.bare_root(folder)
    shutil.copytree(NPM, root / str(NPM)[1:], symlinks=True)
    for name in ("npm", "npx"):
        (root / "usr/bin" / name).symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")
    stub_base.copy_libraries(root, stub_base.copy_programs(root, ("sh", "env", "node")))
    (folder / "Dockerfile").write_text(NODE)


def _write_debian(folder: Path) -> None:
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    kept = cache() / f"debian-{release}.tar"
    if not kept.exists():
        if not shutil.which("mmdebstrap"):
            pytest.skip("The image cannot be built here: mmdebstrap is not installed; `.ci/setup --tests` does it")
        made = kept.with_suffix(f".{os.getpid()}.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", "--skip=output/dev", release, str(made)]
        subprocess.run(command, check=True, capture_output=True)
        made.rename(kept)
    shutil.copy(kept, folder / "base.tar")
    (folder / "Dockerfile").write_text(DEBIAN)


def _hash() -> str:
    inputs = [path for path in tracked_files() if str(path).startswith(INPUTS)]
    digest = hashlib.sha256()
    for path in [*(ROOT / path for path in inputs), Path(__file__), Path(stub_base.__file__)]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
