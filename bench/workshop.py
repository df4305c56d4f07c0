"""What the measurements share: a temporary folder, and programs that are started once and when first asked for."""

import contextlib
import subprocess
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.certificates import write_certificate
from bench.postgres import Postgres, durable_postgres
from bench.process import FLOORS, PROGRAMS, Command, clean_environment, free_port, http_server
from turbo_server.account.token import mint

QUICK_SHARE = 4  # a quick run takes a quarter of the rounds, but never fewer than three


class Workshop:
    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.notes: list[str] = []
        self.stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="turbo-bench-")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.close()

    def rounds(self, full: int) -> int:
        return max(3, full // QUICK_SHARE) if self.quick else full

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    @property
    def log(self) -> Path:
        """Where the measured programs' stderr goes, for the day one of them fails."""
        return self.folder / "stderr.log"

    def fresh_folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    @cached_property
    def postgres(self) -> Postgres:
        return self.stack.enter_context(durable_postgres())

    @cached_property
    def stand_in(self) -> int:
        """The port of a running stand-in backend."""
        return self._stand_in()

    @cached_property
    def secure_stand_in(self) -> tuple[int, Path]:
        """The port of one that speaks TLS, and the bundle of authorities that trusts it beside all public ones."""
        bundle, certificate, key = write_certificate(self.fresh_folder("tls"))
        return self._stand_in(certificate, key), bundle

    def _stand_in(self, *tls: Path) -> int:
        port = free_port()
        command: Command = [sys.executable, FLOORS / "stand_in.py", str(port), *tls]
        self.stack.enter_context(
            http_server(command, clean_environment(self.folder), port, self.log, is_secure=bool(tls))
        )
        return port

    @cached_property
    def client(self) -> "Client":
        return Client(self.fresh_folder("home"), f"http://127.0.0.1:{self.stand_in}")

    @cached_property
    def secure_client(self) -> "Client":
        port, bundle = self.secure_stand_in
        return Client(self.fresh_folder("home"), f"https://localhost:{port}", {"SSL_CERT_FILE": str(bundle)})


class Client:
    """A turbo-client that has logged in, as a person's has: its tool list is on disk, its key in a file."""

    def __init__(self, home: Path, origin: str, variables: dict[str, str] | None = None) -> None:
        self.origin = origin
        self.command: Command = [PROGRAMS / "turbo-client", "serve"]
        self.environment = clean_environment(home) | (variables or {})
        self.key = mint()
        login: Command = [
            PROGRAMS / "turbo-client", "login", "--url", origin, "--with-token", "--insecure-storage", "--store-given",
        ]  # fmt: skip
        subprocess.run(login, env=self.environment, input=self.key.encode(), check=True, capture_output=True)
        (self.catalogue,) = home.rglob("catalogues/*.json")
