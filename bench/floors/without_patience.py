"""`turbo-server serve` that trusts every connection and waits for ever, as a pool does by default."""

import sys
from dataclasses import replace

from turbo_server.cli import run
from turbo_server.kit.patience import OF_COMMANDS
from turbo_server.settings import Settings

ENDLESS = replace(OF_COMMANDS, connect=60, first=600)


if __name__ == "__main__":
    Settings.__init__.__defaults__ = (*Settings.__init__.__defaults__[:-1], ENDLESS)  # type: ignore[index]
    sys.exit(run(["serve"]))
