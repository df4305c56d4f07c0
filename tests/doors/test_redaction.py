"""What the server and the client write to stderr and to the log has no secrets in it: the same table for both."""

import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from turbo_client import redaction as of_the_client
from turbo_server.account.token import mint
from turbo_server.kit.redaction import RedactedStream, Redaction
from turbo_server.logs import JsonLines, ReadableLines

KEY = mint()
PASSWORD = "hunter2@of/course"
ENVIRONMENT = {
    "TURBO_KEY_PEPPER": "pepper-and-salt", "DATABASE_URL": f"postgres://turbo:{'s3cr%40t!'}@db.invalid/turbo",
    "TURBO_API_URL": "https://turbo.example.com", "TURBO_API_KEY": KEY,
}  # fmt: skip
Redact = Callable[[str], str]
SECRET = [
    f"it was {KEY}, they said",
    f"{KEY[:20]}",
    "sk-ant-" + "api03-abcdefghijklmnop",
    f"postgres://turbo:{PASSWORD}@db.invalid:5432/turbo?sslmode=disable",
    f"postgresql://turbo:{PASSWORD}@db.invalid/turbo",
    f"https://ada:{PASSWORD}@turbo.example.com",
    "Authorization: Bearer hunter2@of/course",
    "authorization: Basic hunter2@of/course",
    "{'Authorization': 'Bearer hunter2@of/course', 'Accept': '*/*'}",
    "(b'authorization', b'Bearer hunter2@of/course')",
    "[('x-api-key', 'hunter2@of/course')]",
    'X-API-Key: "hunter2@of/course"',
    '{\\"Authorization\\": \\"Bearer hunter2@of/course\\"}',
    "connect(user='turbo', password='hunter2@of/course')",
    "host=db password=hunter2@of/course user=turbo",
    "pepper-and-salt",
]
PLAIN = [
    "INFO turbo_server.requests: POST /v1/tools/{name} request_id=4f tool=create_issue status=200 ms=1.5",
    "turbo-server listens on http://127.0.0.1:8080",
    "Run `turbo-client login` with a key from `turbo-server keys create --name NAME`.",
    "https://turbo.example.com cannot be reached.",
    "The keyring failed (KeyringLocked).",
    "postgresql://test@/postgres?host=/tmp/turbo-pg-1",
    "漢字 👩‍💻",
]
HIDDEN = ("hunter2", "of/course", KEY[10:], KEY[10:20], "abcdefghijklmnop", "pepper-and-salt", "s3cr")


@pytest.fixture(params=["server", "client"])
def redact(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Redact:
    if request.param == "server":
        return Redaction(ENVIRONMENT)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return of_the_client.redact


@pytest.mark.parametrize("text", SECRET, ids=range(len(SECRET)))
def test_a_secret_is_taken_out(redact: Redact, text: str) -> None:
    shown = redact(f"before {text} after")
    assert not [part for part in HIDDEN if part in shown], shown
    assert shown.startswith("before ")
    assert "[redacted]" in shown
    assert shown.endswith("after")


@pytest.mark.parametrize("text", ["s3cr%40t!", "s3cr@t!", ENVIRONMENT["DATABASE_URL"]])
def test_the_servers_own_password_is_known_however_it_is_written(text: str) -> None:
    assert Redaction(ENVIRONMENT)(f"it was {text}") == "it was [redacted]"


@pytest.mark.parametrize("text", PLAIN, ids=range(len(PLAIN)))
def test_everything_else_stays_as_it_is(redact: Redact, text: str) -> None:
    assert redact(text) == text


def test_a_line_written_in_pieces_is_seen_as_a_whole() -> None:
    for guard in (lambda stream: RedactedStream(stream, Redaction({})), of_the_client.RedactedStream):
        out = io.StringIO()
        stream = guard(out)
        for part in ("key ", KEY[:15], KEY[15:], " it is\nand ", KEY):
            stream.write(part)
        assert out.getvalue() == "key turbo_pat_[redacted] it is\n"
        stream.flush()
        assert out.getvalue().endswith("and turbo_pat_[redacted]")


@pytest.mark.parametrize("formatter", [JsonLines(), ReadableLines()])
def test_both_forms_of_the_log_are_redacted_with_their_tracebacks(formatter: logging.Formatter) -> None:
    try:
        raise RuntimeError(f"postgres://turbo:{PASSWORD}@db.invalid/turbo")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "it was %s", (KEY,), sys.exc_info())
    line = formatter.format(record)
    assert "RuntimeError" in line
    assert not [part for part in HIDDEN if part in line]


@pytest.mark.parametrize("package", ["turbo_server", "turbo_client"])
def test_what_python_says_of_a_crash_is_redacted(package: str) -> None:
    crash = (
        "import sys; sys.argv[1:] = ['keys']\n"
        f"import {package}.__main__ as program\n"
        f"def run(_): raise RuntimeError('the key is ' + sys.stdin.read())\n"
        f"program.run = run\n"
        f"import {package}.cli as cli; cli.run = run\n"
        "program.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", crash], input=KEY, capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert done.returncode == 1
    assert "RuntimeError: the key is turbo_pat_[redacted]" in done.stderr
    assert KEY[10:] not in done.stderr
