"""Logging in: the key is checked before it is stored, and never shown."""

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.conftest import Environment
from tests.client.session import PROGRAM
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key

Run = Callable[..., subprocess.CompletedProcess[str]]
IN_FILE = ("login", "--with-token", "--insecure-storage")


def stored(environment: Environment) -> list[str]:
    home = Path(environment["HOME"])
    return sorted(str(file.relative_to(home)) for file in home.rglob("*") if file.is_file())


def test_a_login_checks_stores_and_says_what_next(run: Run, environment: Environment, backend: StandIn) -> None:
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key() + "\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"Logged in to {backend.origin} as ada (workspace personal)." in done.stderr
    assert "turbo-client install" in done.stderr
    assert make_key() not in done.stderr
    assert backend.seen[0].path == "/v1/me"
    assert run(environment, "status").returncode == 0  # --url is remembered


def test_the_first_session_after_a_login_has_the_tools_at_once(
    run: Run, environment: Environment, backend: StandIn, open_session: Callable[..., object]
) -> None:
    run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    backend.stop()
    session = open_session(environment)
    assert session.tool_names() == ["write_it", "read_it"]  # type: ignore[attr-defined]


def test_the_config_file_holds_no_key(run: Run, environment: Environment, backend: StandIn) -> None:
    run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    (made,) = backend.made
    texts = {name: Path(environment["HOME"], name).read_text() for name in stored(environment)}
    assert [name for name, text in texts.items() if made in text] == [".config/turbo/credentials.json"]
    assert not any(make_key() in text for text in texts.values())


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(401, "unauthenticated", "No."), 5),
        (error(500, "internal", "Sorry."), 3),
        (Reply(404, b"<html>"), 1),
        (Reply(200, b"<html>"), 4),
        (Reply(body={"name": 7}), 4),
    ],
    ids=["refused", "broken", "another server", "a web page", "no name"],
)
def test_a_key_that_was_not_confirmed_is_not_stored(
    run: Run, environment: Environment, backend: StandIn, reply: Reply, code: int
) -> None:
    backend.replies["/v1/me"] = reply
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    assert done.returncode == code
    assert done.stderr.startswith("error: ")
    assert make_key() not in done.stderr
    assert stored(environment) == []


def test_without_a_server_nothing_is_stored(run: Run, environment: Environment) -> None:
    done = run(environment, *IN_FILE, "--url", f"http://127.0.0.1:{free_port()}", stdin=make_key())
    assert done.returncode == 3
    assert "turbo-server serve" in done.stderr
    assert stored(environment) == []


@pytest.mark.parametrize("key", ["", make_key()[:-1] + "0", "x" * 9000, "ключ\x00"])
def test_a_mistyped_key_never_leaves_the_machine(
    run: Run, environment: Environment, backend: StandIn, key: str
) -> None:
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=key)
    assert done.returncode == 5
    assert "stdin" in done.stderr
    assert backend.seen == []


@pytest.mark.parametrize("key", [b"turbo_pat_\x80\xff"])
def test_bytes_that_are_no_text_are_refused_like_any_wrong_key(
    run: Run, environment: Environment, backend: StandIn, key: bytes
) -> None:
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=key)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_a_server_that_is_too_old_gets_nothing_stored_unless_asked(
    run: Run, environment: Environment, backend: StandIn
) -> None:
    backend.is_old = True
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    assert done.returncode == 1
    assert "too old to keep a key for each machine" in done.stderr
    assert "--store-given" in done.stderr
    assert stored(environment) == []
    kept = run(environment, *IN_FILE, "--store-given", "--url", backend.origin, stdin=make_key())
    assert kept.returncode == 0
    assert "the one that you gave is stored" in kept.stderr
    assert make_key() in Path(environment["HOME"], ".config/turbo/credentials.json").read_text()
    gone = run(environment, "logout")
    assert "The key itself stays valid" in gone.stderr
    assert not any(seen.method == "DELETE" for seen in backend.seen)


def test_a_key_that_cannot_be_stored_does_not_stay_valid(run: Run, environment: Environment, backend: StandIn) -> None:
    Path(environment["HOME"], ".config/turbo/credentials.json").mkdir(parents=True)  # where the file would be
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    assert done.returncode == 5
    assert len(backend.made) == 1
    assert backend.keys == {make_key()}
    assert stored(environment) == []


@pytest.mark.parametrize("answer", [{}, {"id": 7, "key": "turbo_pat_x"}, {"id": 7, "key": None}])
def test_a_made_key_that_is_none_is_not_stored(
    run: Run, environment: Environment, backend: StandIn, answer: dict[str, object]
) -> None:
    backend.replies["/v1/keys"] = Reply(body=answer)
    done = run(environment, *IN_FILE, "--url", backend.origin, stdin=make_key())
    assert (done.returncode, stored(environment)) == (4, [])


def test_a_set_environment_variable_is_not_overridden_silently(run: Run, logged_in: Environment) -> None:
    done = run(logged_in, *IN_FILE, stdin=make_key())
    assert done.returncode == 2
    assert "unset TURBO_API_KEY" in done.stderr
    assert stored(logged_in) == []


def test_a_login_elsewhere_says_that_the_environment_still_decides(
    run: Run, environment: Environment, backend: StandIn
) -> None:
    here = environment | {"TURBO_API_URL": "https://turbo.example.com"}
    done = run(here, *IN_FILE, "--url", backend.origin, stdin=make_key())
    assert done.returncode == 0
    assert "TURBO_API_URL is set" in done.stderr


@pytest.mark.parametrize("url", ["http://example.com", "example.com", "https://a/b"])
def test_an_address_that_is_none_is_refused(run: Run, environment: Environment, url: str) -> None:
    done = run(environment, *IN_FILE, "--url", url, stdin=make_key())
    assert done.returncode == 2
    assert "--url" in done.stderr


def test_without_a_terminal_it_says_how_to_give_the_key(run: Run, environment: Environment) -> None:
    done = run(environment, "login")
    assert done.returncode == 2
    assert "--with-token" in done.stderr


def test_the_prompt_does_not_show_what_is_typed(environment: Environment, backend: StandIn) -> None:
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "login", "--insecure-storage", "--url", backend.origin],
        stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    try:
        while b"not shown" not in shown:
            shown += os.read(controller, 1024)
        os.write(controller, make_key().encode() + b"\n")
        while process.poll() is None:
            shown += os.read(controller, 1024)
    except OSError:  # the terminal's other end is closed: Linux says EIO
        pass
    finally:
        assert process.wait(20) == 0, shown
        os.close(controller)
    assert make_key().encode() not in shown
    assert b"Logged in" in shown


def test_status_for_programs_tells_all_but_the_key(run: Run, logged_in: Environment, backend: StandIn) -> None:
    done = run(logged_in, "status", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "server": backend.origin,
        "server_from": "environment (TURBO_API_URL)",
        "key": f"turbo_pat_…{make_key()[-4:]}",
        "key_from": "environment (TURBO_API_KEY)",
        "account": "ada",
        "workspace": "personal",
        "server_version": "9.9.9",
        "logged_in": True,
    }


def test_status_tells_logged_out_refused_and_unreachable_apart(
    run: Run, environment: Environment, logged_in: Environment, backend: StandIn
) -> None:
    out = run(environment, "status", "--json")
    backend.keys.clear()
    refused = run(logged_in, "status", "--json")
    away = run(logged_in | {"TURBO_API_URL": f"http://127.0.0.1:{free_port()}"}, "status", "--json")
    found = [(done.returncode, json.loads(done.stdout)["logged_in"]) for done in (out, refused, away)]
    assert found == [(5, False), (5, False), (3, None)]
    assert "turbo-client login" in out.stderr


def test_status_says_what_is_known_of_the_login(
    run: Run, environment: Environment, logged_in: Environment, backend: StandIn
) -> None:
    def told(here: Environment) -> str:
        lines = run(here, "status").stdout.splitlines()
        return next(line.removeprefix("logged in").strip() for line in lines if line.startswith("logged in"))

    assert told(logged_in) == "yes"
    assert told(environment) == "no"
    away = logged_in | {"TURBO_API_URL": f"http://127.0.0.1:{free_port()}"}
    assert told(away) == "not known: the server did not say whether it takes the key"
    assert told(environment | {"TURBO_API_URL": "ftp://nowhere"}) == "not known"
    backend.keys.clear()
    assert told(logged_in) == "no"


def test_logging_out_of_nothing_says_so(run: Run, environment: Environment) -> None:
    done = run(environment, "logout")
    assert done.returncode == 0
    assert "no stored key" in done.stderr


def test_logging_out_says_that_the_environment_still_holds_a_key(run: Run, logged_in: Environment) -> None:
    assert "TURBO_API_KEY is still set" in run(logged_in, "logout").stderr
