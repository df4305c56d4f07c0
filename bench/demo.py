"""`make demo`: the main job from end to end, in a temporary folder that is gone afterwards.

A real turbo-server on SQLite, a real login, a real MCP conversation with `turbo-client serve` over stdio.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAMS = Path(sys.executable).parent
START_LIMIT_SECONDS = 60


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="turbo-demo-") as folder:
        environment = empty_home(Path(folder))
        say("1. A server of one's own: turbo-server keys create, turbo-server serve (SQLite, no set-up)")
        key = run("turbo-server", "keys", "create", "--name", "ada", environment=environment).strip()
        with serving(environment):
            say(f"   listening on {environment['TURBO_API_URL']}; the key was shown once: {key[:14]}…")
            say("2. Logging in: turbo-client login (here into a file of the demo's own, not your keyring)")
            run("turbo-client", "login", "--with-token", "--insecure-storage", environment=environment, stdin=key)
            say("3. A conversation as Claude Code holds it: MCP over stdio with turbo-client serve")
            with Conversation(environment) as claude:
                converse(claude)
    say_what_is_next()
    return 0


def converse(claude: "Conversation") -> None:
    claude.call("create_project", key="SHOP", name="The web shop")
    first = claude.call("create_issue", project="SHOP", title="Pay by invoice", priority="high", due="friday")
    claude.call("create_issue", project="SHOP", title="Announce it", blocked_by=[first["key"]])
    claude.call("log_work", issue=first["key"], text="Sketched the form", minutes=25, status="in_progress")
    claude.call("get_status")


class Conversation:
    """The client's side of MCP: requests out on stdin, answers in on stdout."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._number = 0
        self._process = subprocess.Popen(
            [PROGRAMS / "turbo-client", "serve"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> "Conversation":
        client = {"name": "demo", "version": "1"}
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
        server = self.ask("initialize", hello)["serverInfo"]
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        tools = self.ask("tools/list", {})["tools"]
        say(f"   connected to {server['name']} {server['version']}, which offers {len(tools)} tools")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(START_LIMIT_SECONDS)

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        print(f"\n   > {tool} {json.dumps(arguments, ensure_ascii=False)}")
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise SystemExit(f"{tool} failed: {result['content'][0]['text']}")
        answer: dict[str, Any] = result["structuredContent"]
        for line in json.dumps(answer, ensure_ascii=False, indent=1).splitlines()[1:-1]:
            print(f"    {line}")
        return answer

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if message.get("id") == self._number:
                result: dict[str, Any] = message["result"]
                return result
        raise SystemExit("turbo-client serve ended early")

    def send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()


def empty_home(folder: Path) -> dict[str, str]:
    """Nothing of the reader's own Turbo is read or written."""
    ours = ("TURBO_", "XDG_", "DATABASE_URL", "API_HOST", "API_PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    return {**kept, "HOME": str(folder), "API_PORT": port, "TURBO_API_URL": f"http://127.0.0.1:{port}"}


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([PROGRAMS / "turbo-server", "serve"], env=environment, stderr=subprocess.PIPE)
    try:
        wait_until_ready(environment["TURBO_API_URL"], process)
        yield
    finally:
        process.terminate()
        process.communicate()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            directly.open(f"{url}/ready", timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("turbo-server did not start")


def run(program: str, *arguments: str, environment: dict[str, str], stdin: str = "") -> str:
    done = subprocess.run(
        [PROGRAMS / program, *arguments], env=environment, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{program} {arguments[0]} failed:\n{done.stderr}")
    return done.stdout


def say(text: str) -> None:
    print(text, flush=True)


def say_what_is_next() -> None:
    say("""
That was all of it, and the folder it ran in is gone. Next, for real:
  make up                            a local server in the background, this machine logged in, Claude Code connected
  claude, then /turbo-status         where things stand; /turbo-issue and /turbo-log write it down
  docs/start.md                      the same by hand, and a second machine""")


if __name__ == "__main__":
    sys.exit(main())
