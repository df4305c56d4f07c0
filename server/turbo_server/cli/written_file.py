"""The file that an export or a backup is written into: it is there when it is whole, and only then."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


class NotWritten(Exception):
    """No OSError, which around a database would be taken for the database's."""


class Written:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, line: bytes) -> None:
        with _told():
            self._file.write(line)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(error.strerror) from error


@contextlib.contextmanager
def output(name: str) -> Iterator[BinaryIO]:
    """`-` is stdout. A file takes its place as the last step, when all is in it; only its owner may read it."""
    with _told():
        if name == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        else:
            with _in_its_place(Path(name)) as file:
                yield file


@contextlib.contextmanager
def _in_its_place(path: Path) -> Iterator[BinaryIO]:
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # readable for the owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
        _settle(path.parent)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """The new name of a file outlives a power cut when its folder is on the disk too."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
