"""What turbo-web passes on to turbo-api, what it keeps to itself, and what it says when there is no answer."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.hosting.stub_api import Reply, StubApi, envelope, nothing, stub_api
from tests.hosting.web_process import Door, site, turbo_web
from tests.server.live import START_LIMIT, free_port
from tests.server.page_files import fill
from turbo_server.kit.errors import BODY_LIMIT, TooLarge
from turbo_server.kit.large_body import FILE

AWAY = {"code": "api_away", "message": "turbo-server does not answer: it may be waking up, or is away."}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("passing")
    return site(fill(folder / "web"), folder / "site")


@pytest.fixture(scope="module")
def api() -> Iterator[StubApi]:
    with stub_api(envelope(200)) as api:
        yield api


@pytest.fixture(scope="module")
def web(made: Path, api: StubApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with turbo_web(made, api.url, tmp_path_factory.mktemp("said") / "said", TURBO_BEHIND_FLY="true") as web:
        yield web


def paths(api: StubApi, web: Door, *asked: str) -> list[str]:
    api.seen.clear()
    for path in asked:
        web(path, Accept="text/html")
    return [path for path, _ in api.seen]


def test_the_api_gets_its_own_addresses_as_they_were_asked_for(api: StubApi, web: Door) -> None:
    asked = ["/v1/me", "/v1", "/v1/", "/v1/events?after=recent&x=%2F", "/v1/tools/a%20b", "/v1/x;y", "/v1/a..b"]
    assert paths(api, web, *asked) == asked


def test_a_file_to_import_may_be_as_large_as_the_api_takes_it(api: StubApi, web: Door) -> None:
    api.seen.clear()
    assert web.send("/v1/imports", "POST", {}, b"x" * FILE.most_bytes).status == 200
    larger = web.send("/v1/imports", "POST", {}, b"x" * (FILE.most_bytes + 1))
    assert (larger.status, json.loads(larger.body)) == (413, TooLarge(FILE.most_bytes, FILE.hint).as_envelope())
    assert web.send("/v1/events", "POST", {}, b"x" * (BODY_LIMIT + 1)).status == 413
    assert [path for path, _ in api.seen] == ["/v1/imports"]


def test_nothing_else_reaches_it(api: StubApi, web: Door) -> None:
    other = ["/", "/health", "/ready", "/metrics", "/mcp", "/openapi.json", "/v1x", "/v2", "/V1/me", "//v1/me",
             "/TURBO-12", "/.instead/api", "/board", "/nowhere"]  # fmt: skip
    odd = ["/v1/../metrics", "/v1/%2e%2e/metrics", "/v1/..%2fmetrics", "/metrics/../v1/me", "/v1/./me",
           "/v1%2f..%2fmcp", "/v1/.%2e/mcp", "/x/%2e%2e/v1/me", "/v1/..", "/v1/x/%2E.", "/v1/x/../imports"]  # fmt: skip
    assert paths(api, web, *other, *odd) == []


def test_the_address_of_a_visitor_is_the_one_that_the_platform_saw(api: StubApi, web: Door) -> None:
    forged = {"Turbo_Client_Address": "203.0.113.9", "X_Forwarded_For": "203.0.113.9", "X_Real_IP": "203.0.113.9",
              "Forwarded": "for=203.0.113.9", "Fly_Client_IP": "192.0.2.1"}  # fmt: skip
    api.seen.clear()
    web("/v1/me", **forged)
    [(_, headers)] = api.seen
    assert headers.get_all("Turbo-Client-Address") == ["192.0.2.1"]
    assert "203.0.113.9" not in str(headers)
    assert "Fly-Client-IP" not in headers


def test_without_the_platform_it_is_the_other_end_of_the_connection(made: Path, api: StubApi, tmp_path: Path) -> None:
    api.seen.clear()
    with turbo_web(made, api.url, tmp_path / "said") as web:
        web("/v1/me", Fly_Client_IP="192.0.2.1", Turbo_Client_Address="203.0.113.9", turbo_client_address="203.0.113.9")
    [(_, headers)] = api.seen
    assert headers.get_all("Turbo-Client-Address") == ["127.0.0.1"]


def test_what_says_where_a_request_comes_from_arrives_as_it_was_sent(api: StubApi, web: Door) -> None:
    sent = {"Cookie": "__Host-turbo=x; theme=dark", "Origin": "https://web.example:8443", "Sec-Fetch-Site": "none",
            "Authorization": "Bearer x", "X-API-Key": "y", "Idempotency-Key": "z", "If-None-Match": '"e"',
            "Content-Type": "text/plain", "Turbo-UTC-Offset": "60"}  # fmt: skip
    api.seen.clear()
    connection = HTTPConnection("127.0.0.1", web.port, timeout=START_LIMIT)
    connection.request("POST", "/v1/tools/x", b"{}", {"Host": "web.example:8443", **sent})
    connection.getresponse().read()
    connection.close()
    [(_, headers)] = api.seen
    assert {name: headers[name] for name in sent} == sent
    assert headers["Host"] == "web.example:8443"


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_an_error_of_the_api_is_passed_on_in_its_own_words(api: StubApi, web: Door, status: int) -> None:
    api.reply = envelope(status)
    answer = web("/v1/me", Accept="text/html")
    api.reply = envelope(200)
    assert (answer.status, b"Said by the API." in answer.body) == (status, True)


def away(door: Door, method: str = "GET") -> dict[str, str]:
    answer = door("/v1/me", method, Accept="text/html")
    assert (answer.status, answer.headers["content-type"]) == (502, "application/json")
    error: dict[str, str] = json.loads(answer.body)["error"]
    return error


@pytest.mark.parametrize("reply", [nothing, envelope(502), envelope(504)])
def test_no_answer_is_told_as_an_error_that_the_page_can_show(api: StubApi, web: Door, reply: Reply) -> None:
    api.reply = reply
    told = [away(web), away(web, "POST")]
    api.reply = envelope(200)
    assert all(error.items() >= AWAY.items() and "Try again" in error["hint"] for error in told)


def test_a_call_is_sent_once_even_if_there_is_no_answer(api: StubApi, web: Door) -> None:
    api.reply = nothing
    api.seen.clear()
    away(web, "POST")
    away(web)
    api.reply = envelope(200)
    assert len(api.seen) == 2


def test_an_api_that_is_away_leaves_the_page_and_is_found_when_it_is_back(made: Path, tmp_path: Path) -> None:
    port = free_port()
    with turbo_web(made, f"http://127.0.0.1:{port}/", tmp_path / "said") as web:
        assert away(web)["code"] == "api_away"
        assert web("/board").status == web("/health").status == 200


def test_an_api_whose_name_nobody_knows_yet_keeps_it_from_nothing(made: Path, tmp_path: Path) -> None:
    """Fly knows turbo-api.flycast only once the address was made."""
    with turbo_web(made, "http://turbo-api.invalid:8080", tmp_path / "said") as web:
        assert web("/").status == 200
        assert away(web)["code"] == "api_away"


def test_one_that_takes_too_long_is_given_up(made: Path, tmp_path: Path) -> None:
    hurried = Path(shutil.copytree(made, tmp_path / "site"))
    text = (made / "nginx.conf").read_text()
    assert "proxy_read_timeout 75s;" in text
    (hurried / "nginx.conf").write_text(text.replace("proxy_read_timeout 75s;", "proxy_read_timeout 100ms;"))
    ended = threading.Event()

    def never(_request: BaseHTTPRequestHandler) -> None:
        ended.wait(START_LIMIT)

    with stub_api(never) as api, turbo_web(hurried, api.url, tmp_path / "said") as web:
        assert away(web)["code"] == "api_away"
        ended.set()


def test_an_answer_in_parts_goes_on_part_by_part(api: StubApi, web: Door) -> None:
    first_seen = threading.Event()

    def parts(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"5\r\nfirst\r\n")
        assert first_seen.wait(START_LIMIT), "the first part was held back"
        request.wfile.write(b"6\r\nsecond\r\n0\r\n\r\n")

    api.reply = parts
    connection = HTTPConnection("127.0.0.1", web.port, timeout=START_LIMIT)
    connection.request("GET", "/v1/events")
    answer = connection.getresponse()
    assert answer.read1(5) == b"first"
    first_seen.set()
    assert answer.read() == b"second"
    connection.close()
    api.reply = envelope(200)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TURBO_API_URL": ""}, "TURBO_API_URL is not set"),
        ({"TURBO_API_URL": "https://turbo.fly.dev"}, "TURBO_API_URL must begin with http://"),
        ({"TURBO_API_URL": "http://x; return 200"}, "TURBO_API_URL must be http://HOST:PORT"),
        ({"TURBO_API_URL": "http://turbo-api.flycast/v1"}, "TURBO_API_URL must be http://HOST:PORT"),
        ({"TURBO_API_URL": "http://x$host"}, "TURBO_API_URL must be http://HOST:PORT"),
        ({"TURBO_API_URL": "http://x\n}"}, "TURBO_API_URL must be http://HOST:PORT"),
        ({"WEB_PORT": "web"}, "WEB_PORT must be a port number"),
        ({"WEB_HOST": "0.0.0.0;"}, "WEB_HOST must be an address"),
        ({"TURBO_BEHIND_FLY": "yes"}, "TURBO_BEHIND_FLY must be true or false"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_a_sentence(
    made: Path, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    given = {"TURBO_API_URL": "http://127.0.0.1:1", **wrong}
    with (
        pytest.raises(AssertionError, match="nginx does not start: turbo-web: "),
        turbo_web(made, given.pop("TURBO_API_URL"), tmp_path / "said", **given),
    ):
        pass
    assert (tmp_path / "said").read_text().startswith(f"turbo-web: {said}")
