"""`make up` and `make down`: a Turbo server of one's own in the background, with the client and Claude Code on it.

A running server holds a lock on a file, which it inherited: whoever can take the lock knows that none runs, and a
process number that is read while it is held belongs to our server and to nobody who got the number later.
"""

import contextlib
import fcntl
import getpass
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from platformdirs import user_state_path

from turbo_server.settings import BadSettings, Settings, read_settings

PROGRAMS = Path(sys.executable).parent
STATE = user_state_path("turbo", appauthor=False)
RUNNING, LOG = STATE / "server.json", STATE / "server.log"
LIMIT_SECONDS = 60
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Stopped(Exception):
    """`make up` or `make down` cannot go on; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    verbs: dict[str, Callable[[], None]] = {"up": up, "down": down}
    if arguments[:2] == ["up", "--name"] and len(arguments) == 3:
        name = arguments[2].strip()
        verbs, arguments = {"up": lambda: up(name)}, ["up"]
    if len(arguments) != 1 or arguments[0] not in verbs:
        say("usage: local.py up [--name NAME] | down")
        return 2
    try:
        verbs[arguments[0]]()
    except (Stopped, BadSettings) as reason:
        say(str(reason))
        return 1
    return 0


def up(name: str = "") -> None:
    """Each step is skipped when it is done already: running it twice changes nothing."""
    settings = read_settings(os.environ)
    with lock() as mine:
        url = started(settings, mine) if mine else running_url()
    log_in(url, name)
    connect_claude_code()
    tell_where_the_programs_are()
    say(f"The server's log is {LOG}. `make down` stops it; its data stays.")


def down() -> None:
    with lock() as mine:
        if mine:
            say("No server runs that `make up` started.")
            return
    pid = int(json.loads(RUNNING.read_text())["pid"])
    os.kill(pid, signal.SIGTERM)
    if not becomes_true(lambda: not is_locked()):
        raise Stopped(f"The server has not stopped in {LIMIT_SECONDS} s; its log is {LOG}. To end it: kill -9 {pid}")
    RUNNING.unlink(missing_ok=True)
    say("The server has stopped; its data stays. `make up` starts it again.")


# --- the server -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def lock() -> Iterator[BinaryIO | None]:
    """The locked file while no server runs, else None."""
    STATE.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (STATE / "server.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def is_locked() -> bool:
    with lock() as mine:
        return mine is None


def running_url() -> str:
    if not becomes_true(RUNNING.is_file):
        raise Stopped(f"Another `make up` seems to hang; the server's log is {LOG}.")
    url = str(json.loads(RUNNING.read_text())["url"])
    if not becomes_true(lambda: answers(f"{url}/ready") or not is_locked()) or not is_locked():
        raise Stopped(f"The server at {url} does not answer; `make down` stops it. Its log is {LOG}.")
    say(f"The server is running already, at {url}.")
    return url


def started(settings: Settings, locked: BinaryIO) -> str:
    host = settings.host if settings.host in LOOPBACK else "127.0.0.1"
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    refuse_taken_port(settings, url)
    RUNNING.unlink(missing_ok=True)
    with LOG.open("wb") as log:
        server = subprocess.Popen(
            [PROGRAMS / "turbo-server", "serve"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it outlives this shell
            pass_fds=[locked.fileno()],
        )
    RUNNING.write_text(json.dumps({"pid": server.pid, "url": url}))
    if not becomes_true(lambda: answers(f"{url}/ready") or server.poll() is not None) or server.poll() is not None:
        RUNNING.unlink()
        server.kill()
        raise Stopped(f"The server did not start:\n{LOG.read_text(errors='replace').strip()}")
    say(f"The server is running at {url}.")
    return url


def refuse_taken_port(settings: Settings, url: str) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.create_server((settings.host, settings.port), family=family):
            return
    except OSError as error:
        reason = error.strerror
    if answers(f"{url}/health"):
        advice = "A Turbo server that `make up` did not start answers there: stop it first, or choose another port"
    else:
        advice = "Choose another port"
    raise Stopped(f"Cannot listen on {settings.host}, port {settings.port}: {reason}. {advice}: API_PORT=8081 make up")


def answers(url: str) -> bool:
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with directly.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def becomes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# --- the client -------------------------------------------------------------------------------------------------------


def log_in(url: str, name: str) -> None:
    """A login that works is kept. Else the key goes from one program's output into the other's input: it is in no
    argument, file or log of ours, and it ends as soon as the machine has one of its own."""
    if os.environ.get("TURBO_API_URL", url) != url:
        raise Stopped(f"TURBO_API_URL names another server, so the client would not use {url}. Unset it and run again.")
    status = json.loads(run("turbo-client", "status", "--json").stdout or "{}")
    if status.get("logged_in") and is_same_server(str(status.get("server")), url):
        say(f"turbo-client is logged in as {status['account']}, with the key that it had.")
        if name and name != status["account"]:
            say(f"NAME={name} was left aside: run `{PROGRAMS / 'turbo-client'} logout` first, then this again.")
        return
    name = name or usual_name()
    made = run("turbo-server", "keys", "create", "--name", name, "--scope", "admin", "--label", "make up")
    if made.returncode:
        raise Stopped(f"No key could be made: {made.stderr.strip()}")
    login = run("turbo-client", "login", "--url", url, "--with-token", text=made.stdout)
    if login.returncode:
        # No keyring here. A file beside the server's own database tells nobody more than the database does.
        login = run("turbo-client", "login", "--url", url, "--with-token", "--insecure-storage", text=made.stdout)
    end_given_key(made.stderr)
    say(login.stderr.strip())
    if login.returncode:
        raise Stopped(f"turbo-client could not log in at {url}.")
    if status.get("server") not in (None, url) and status.get("server_from") != "default":
        say(f"Until now this machine used {status['server']}; back to it: turbo-client login --url {status['server']}")


def is_same_server(one: str, other: str) -> bool:
    """This machine goes by several names."""
    first, second = urlsplit(one), urlsplit(other)
    same_host = first.hostname == second.hostname or {first.hostname, second.hostname} <= set(LOOPBACK)
    return same_host and (first.scheme, first.port) == (second.scheme, second.port)


def usual_name() -> str:
    """The one person whom the server knows, as after the steps by hand; else this computer's name for its user."""
    keys: list[dict[str, Any]] = json.loads(run("turbo-server", "keys", "list", "--json").stdout or "[]")
    people = {str(key["account"]) for key in keys}
    if len(people) != 1:
        return getpass.getuser()
    (person,) = people
    say(f"The server knows one person, {person}: this machine logs in as {person}. Another one: make up NAME=...")
    return person


def end_given_key(said: str) -> None:
    if number := re.search(r"^Key (\d+) of", said):
        run("turbo-server", "keys", "revoke", number[1])


def connect_claude_code() -> None:
    program = PROGRAMS / "turbo-client"
    if not shutil.which("claude"):
        say(f"Claude Code is not on this machine's PATH. Once it is, connect it: {program} install")
    elif subprocess.run([program, "install"], check=False).returncode:
        raise Stopped(f"Claude Code is not connected, see above. The server runs on; to try again: {program} install")


def tell_where_the_programs_are() -> None:
    if Path(shutil.which("turbo-client") or "") != PROGRAMS / "turbo-client":
        say(f"turbo-client and turbo-server are in {PROGRAMS}; to have them on PATH: . {PROGRAMS / 'activate'}")


def run(program: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAMS / program, *arguments], input=text, capture_output=True, text=True, check=False)


def say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
