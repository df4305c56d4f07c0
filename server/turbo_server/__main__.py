"""`turbo-server`: serve, migrate, keys, audit, export, import, reindex."""

import sys

from turbo_server.cli import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
