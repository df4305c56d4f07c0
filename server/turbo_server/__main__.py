"""`turbo-server`: serve, migrate, keys, audit, export, import, reindex, fly."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO, cast

from turbo_server.kit.redaction import RedactedStream, redact

INTERRUPTED, NOBODY_READS = 130, 141  # as a shell tells of SIGINT and SIGPIPE


def main() -> None:
    sys.stderr = cast("TextIO", RedactedStream(sys.stderr, redact))  # what Python itself says of a crash included
    status: int | str | None
    try:
        from turbo_server.cli import run  # here: it imports for a second, and Ctrl-C may come meanwhile

        status = _run(run)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        status = _left_unread()
    sys.exit(status)


def _run(run: Callable[[Sequence[str]], int]) -> int | str | None:
    try:
        return run(sys.argv[1:])
    except SystemExit as leaving:  # argparse, which has printed its help or what is wrong
        return leaving.code


def _left_unread() -> int:
    """`turbo-server keys list | head -1`: nothing to complain of, nor for Python when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NOBODY_READS


if __name__ == "__main__":
    main()
