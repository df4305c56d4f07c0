"""A base image made of this machine: its Python, a shell and what those need. No registry of images is asked.

It stands in for `python:3.13-slim`, in whose place it is tagged, so that the product's Dockerfile is built as it is.
Like that image it holds Python's own library without bytecode. Unlike it, it is no Debian, and its Python is the one
that runs the tests.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PROGRAMS = ("sh", "useradd", "rm")
# What wheels may expect of any Linux, beside what the programs here are linked with.
EXPECTED = re.compile(r"lib(gcc_s|stdc\+\+|pthread|rt|dl|util|m)\.so\.\d+$")
LEFT_OUT = ("site-packages", "test", "tests", "__pycache__", "config-*", "idlelib", "tkinter", "turtledemo")
FOLDERS = (
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "usr/local/bin",
    "etc/ssl/certs",
    "dev",
    "proc",
    "sys",
    "root",
)
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/shadow": "root:*:1:0:99999:7:::\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
    "etc/ld.so.conf": "/usr/local/lib\n",
}
# The packages come through this machine's own door, whose certificate only this machine knows.
DOCKERFILE = f"""\
FROM scratch
COPY root /
ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin UV_SYSTEM_CERTS=1 SSL_CERT_FILE={CERTIFICATES} PIP_CERT={CERTIFICATES}
"""


def write(folder: Path) -> None:
    """The Dockerfile of the base and what it copies."""
    root = bare_root(folder)
    _copy_python(root)
    python = [*(root / "usr/local").rglob("*.so"), Path(sys.base_prefix) / "bin" / PYTHON]
    copy_libraries(root, [*copy_programs(root, PROGRAMS), *python])
    (folder / "Dockerfile").write_text(DOCKERFILE)


def bare_root(folder: Path) -> Path:
    """What every Linux has, without a program. Nothing of this machine's devices: those are the container's."""
    root = folder / "root"
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / name).symlink_to(f"usr/{name}")
    for name in ("tmp", "var/tmp"):
        (root / name).mkdir(parents=True)
        (root / name).chmod(0o1777)
    for name, text in FILES.items():
        (root / name).write_text(text)
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, root / str(CERTIFICATES).lstrip("/"))
    return root


def _copy_python(root: Path) -> None:
    library = root / "usr/local/lib" / PYTHON
    ignored = shutil.ignore_patterns(*LEFT_OUT)
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=ignored, ignore_dangling_symlinks=True)
    (library / "site-packages").mkdir()
    shutil.copy(Path(sys.base_prefix) / "bin" / PYTHON, root / "usr/local/bin" / PYTHON)
    for link in ("python", "python3"):
        (root / "usr/local/bin" / link).symlink_to(PYTHON)


def copy_programs(root: Path, names: Iterable[str]) -> list[Path]:
    found = [Path(shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin") or name) for name in names]
    for program in found:
        shutil.copy(program.resolve(), root / "usr" / program.parent.name / program.name)
    return found


def copy_libraries(root: Path, programs: list[Path]) -> None:
    """What they are linked with, and what programs may expect anyway."""
    linked = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False).stdout
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    wanted = set(re.findall(r"(?:=> |^\s+)(/\S+) \(0x", linked, re.MULTILINE))
    wanted |= {path for path in re.findall(r"=> (/\S+)$", known, re.MULTILINE) if EXPECTED.search(path)}
    for library in map(Path, wanted):
        home = root / "usr/local/lib" if library.is_relative_to(sys.base_prefix) else root / str(library.parent)[1:]
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, home)
    subprocess.run(["ldconfig", "-r", root], check=True)
