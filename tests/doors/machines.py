"""A machine of somebody's: a home of its own, with the client in it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.forked import CLIENT
from tests.server.live import LiveServer

Environment = dict[str, str]


@dataclass
class Machine:
    name: str
    home: Environment
    server: LiveServer

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = CLIENT.run(arguments, self.home, said=stdin.encode())
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def login(self, key: str, *options: str) -> subprocess.CompletedProcess[str]:
        ways = ("--with-token", "--insecure-storage", "--machine", self.name, "--url", self.server.url)
        done = self.run("login", *ways, *options, stdin=key)
        assert done.returncode == 0, done.stderr
        assert key not in done.stderr
        return done

    @property
    def key(self) -> str:
        (key,) = json.loads(Path(self.home["HOME"], ".config/turbo/credentials.json").read_text()).values()
        return str(key)

    @property
    def login_note(self) -> dict[str, str]:
        config = json.loads(Path(self.home["HOME"], ".config/turbo/config.json").read_text())
        note: dict[str, str] = config["logins"][self.server.url]
        return note

    @property
    def machines(self) -> dict[str, dict[str, Any]]:
        return {key["name"]: key for key in json.loads(self.run("machines", "--json").stdout)}

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found


def is_accepted(server: LiveServer, key: str) -> bool:
    answer = httpx.get(f"{server.url}/v1/me", headers={"Authorization": f"Bearer {key}"}, timeout=10)
    return answer.status_code == 200
