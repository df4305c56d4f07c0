"""`turbo-server`: serve, migrate, keys, audit, export, import, reindex."""

import sys
from typing import TextIO, cast

from turbo_server.cli import run
from turbo_server.kit.redaction import RedactedStream, redact


def main() -> None:
    sys.stderr = cast("TextIO", RedactedStream(sys.stderr, redact))  # what Python itself says of a crash included
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
