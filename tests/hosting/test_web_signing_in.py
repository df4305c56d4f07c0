"""The page's own calls through turbo-web to a real turbo-server: signing in, limits of a visitor, sizes of a body."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.hosting.web_process import ROOT, Answer, Door, site, turbo_web
from tests.server.live import START_LIMIT, LiveServer, live_server, turbo_server_here
from tests.server.page_files import fill
from turbo_server.account.token import mint
from turbo_server.catalogue import ENDPOINTS, Catalogue
from turbo_server.kit.errors import BODY_LIMIT
from turbo_server.kit.patience import OF_CALLS

ADDRESS = "web.example"
TRIES = 3
LARGEST = max(each.large.most_bytes for each in ENDPOINTS if each.large)


@dataclass(frozen=True)
class Hosted:
    api: LiveServer
    web: Door


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """As on Fly: in front of turbo-web a platform that says who comes, and turbo-web is a proxy that is believed."""
    folder = tmp_path_factory.mktemp("hosted")
    settings = {"TURBO_TRUSTED_PROXIES": "127.0.0.1", "TURBO_BAD_KEYS_PER_MINUTE": str(TRIES),
                "TURBO_WEB_URL": f"https://{ADDRESS}"}  # fmt: skip
    with (
        live_server(f"sqlite:///{folder / 'turbo.db'}", folder, **settings) as api,
        turbo_web(
            site(fill(folder / "web"), folder / "site"), api.url, folder / "said", TURBO_BEHIND_FLY="true"
        ) as web,
    ):
        yield Hosted(api, web)


@dataclass
class Browser:
    """One visitor, whom the platform sees at `address`."""

    door: Door
    address: str
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin"})

    def __call__(self, method: str, path: str, arguments: object = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.door.port, timeout=START_LIMIT)
        sent = {"Host": ADDRESS, "Fly-Client-IP": self.address, "Content-Type": "application/json", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent["Cookie"] = self.cookie
        connection.request(method, path, None if arguments is None else json.dumps(arguments), sent)
        answer = connection.getresponse()
        told = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        if "set-cookie" in told.headers:
            self.cookie = told.headers["set-cookie"].partition(";")[0]
        return told

    def sign_in(self, key: str, **headers: str) -> Answer:
        return self("POST", "/v1/session", {"key": key}, **headers)


def told(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.body)
    return body


def code(answer: Answer) -> str:
    return str(told(answer)["error"]["code"])


def test_a_person_signs_in_works_and_signs_out(hosted: Hosted) -> None:
    browser = Browser(hosted.web, "192.0.2.10")
    answer = browser.sign_in(hosted.api.key)
    assert answer.status == 200, answer.body
    assert answer.headers["set-cookie"].startswith("__Host-turbo=")
    assert "; Path=/; Secure; HttpOnly; SameSite=Lax;" in answer.headers["set-cookie"]
    assert told(browser("GET", "/v1/me"))["name"] == "ada"
    assert browser("POST", "/v1/tools/create_project", {"key": "WEB", "name": "Web shop"}).status == 200
    assert hosted.api.call("list_projects")["items"][0]["key"] == "WEB"
    assert told(browser("DELETE", "/v1/session", {})) == {"ended": 1}
    assert code(browser("GET", "/v1/me")) in ("session_ended", "unauthenticated")


def test_the_link_of_turbo_client_leads_to_turbo_web_and_signs_in_there(hosted: Hosted) -> None:
    browser = Browser(hosted.web, "192.0.2.11")
    made = told(browser("POST", "/v1/session/link", {}, Authorization=f"Bearer {hosted.api.key}"))
    assert made["page"] == f"https://{ADDRESS}"
    assert browser("POST", "/v1/session", {"code": made["code"]}).status == 200
    assert told(browser("GET", "/v1/me"))["name"] == "ada"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"https://{ADDRESS}.evil.example"}, 403),
        ({"Origin": f"http://{ADDRESS}"}, 403),
        ({}, 403),
        ({"Origin": f"https://{ADDRESS}"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
    ids=str,
)
def test_only_the_page_of_turbo_webs_own_address_signs_in(hosted: Hosted, headers: dict[str, str], status: int) -> None:
    browser = Browser(hosted.web, "192.0.2.12", headers=headers)
    assert browser.sign_in(hosted.api.key).status == status


def test_attempts_are_counted_for_each_visitor_whatever_the_visitor_says(hosted: Hosted) -> None:
    guesser, other = Browser(hosted.web, "192.0.2.66"), Browser(hosted.web, "192.0.2.67")
    forged = ("Turbo_Client_Address", "X_Forwarded_For", "X_Real_IP", "Forwarded")
    tries = [
        code(guesser.sign_in(mint(), **dict.fromkeys(forged, f"198.51.100.{number}"))) for number in range(TRIES + 2)
    ]
    assert tries[0] == "unauthenticated"
    assert tries[-1] == "too_many_bad_keys"
    assert code(other.sign_in(mint())) == "unauthenticated"
    assert other.sign_in(hosted.api.key).status == 200


def test_the_audit_knows_the_visitors_address(hosted: Hosted) -> None:
    assert Browser(hosted.web, "2001:db8::77").sign_in(hosted.api.key, Turbo_Client_Address="203.0.113.9").status == 200
    log = turbo_server_here(hosted.api.environment, "audit", "--json", "--action", "signed_in")
    assert "2001:db8::77" in log.stdout, log
    assert "203.0.113.9" not in log.stdout


@pytest.mark.parametrize("size", [BODY_LIMIT, BODY_LIMIT + 1])
def test_a_body_may_be_as_large_as_turbo_server_takes_it(hosted: Hosted, size: int) -> None:
    headers = {"Authorization": f"Bearer {hosted.api.key}", "Content-Type": "application/json"}
    own, through = (
        door.send("/v1/tools/get_status", "POST", headers, b" " * size)
        for door in (Door(int(hosted.api.url.rpartition(":")[2])), hosted.web)
    )
    assert (own.status, own.body) == (through.status, through.body)
    assert (through.status == 413) is (size > BODY_LIMIT)


def test_a_body_whose_length_nobody_told_has_the_same_limit(hosted: Hosted) -> None:
    connection = HTTPConnection("127.0.0.1", hosted.web.port, timeout=START_LIMIT)
    parts = (b" " * 65536 for _ in range(BODY_LIMIT // 65536 + 1))
    connection.request("POST", "/v1/tools/get_status", parts, {"Authorization": f"Bearer {hosted.api.key}"})
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (413, "too_large")
    connection.close()


def test_a_file_that_is_imported_may_be_larger_and_take_longer() -> None:
    """Every verb that takes longer or more than others has a place of its own in nginx's configuration."""
    text = (ROOT / "frontend" / "nginx.conf").read_text()
    patient = [each for each in ENDPOINTS if each.large or each.tool.patience]
    assert patient
    assert [tool.name for tool in Catalogue().tools.values() if tool.patience] == []
    for each in patient:
        [block] = re.findall(rf"location = {each.path} {{\n(.*?)\n {{8}}}}", text, re.DOTALL)
        lines = [line.strip() for line in block.splitlines()]
        assert not each.large or {"include file.conf;", "proxy_request_buffering off;"} <= set(lines)
        [seconds] = re.findall(r"proxy_read_timeout (\d+)s;", block)
        assert int(seconds) > (each.tool.patience or OF_CALLS).call
    [ordinary] = re.findall(r"^ {8}proxy_read_timeout (\d+)s;", text, re.MULTILINE)
    assert int(ordinary) > OF_CALLS.call


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
def test_how_large_an_imported_file_may_be_says_turbo_server_itself(hosted: Hosted, size: int) -> None:
    headers = {"Authorization": f"Bearer {hosted.api.key}", "Content-Type": "application/json"}
    own, through = (
        door.send("/v1/imports", "POST", headers, b" " * size)
        for door in (Door(int(hosted.api.url.rpartition(":")[2])), hosted.web)
    )
    assert (own.status, own.body) == (through.status, through.body)
    assert (through.status == 413) is (size > LARGEST)
    assert Browser(hosted.web, "192.0.2.13")("POST", "/v1/imports", {}).status == 401


def test_an_answer_says_what_turbo_server_says(hosted: Hosted) -> None:
    asked = ("/v1/me", "/v1/nothing", "/v1/tools?toolsets=core", "/v1", "/v1/session")
    own = Door(int(hosted.api.url.rpartition(":")[2]))
    for path in asked:
        answers = [
            door(path, Accept="text/html", Authorization=f"Bearer {hosted.api.key}") for door in (own, hosted.web)
        ]
        assert (answers[0].status, answers[0].body) == (answers[1].status, answers[1].body), path
        ours, theirs = (set(each.headers) - {"server", "date", "connection"} for each in answers)
        assert ours == theirs, path
