"""From where a session's cookie is taken, and from where a session begins."""

from tests.server.browser import OWN, Page, clock, code, page_of, rows, sign_in, web
from tests.server.test_rest import Web

__all__ = ["clock", "web"]


CHANGES = ("POST", "/v1/tools/list_projects")
READS = ("GET", "/v1/events")
TEXT = {"Content-Type": "text/plain"}
ORIGIN = {"Origin": "http://turbo.test", "Content-Type": "application/json"}
FROM: tuple[tuple[tuple[str, str], dict[str, str], str | None], ...] = (
    (CHANGES, OWN, None),
    (CHANGES, {**OWN, "Content-Type": "application/json; charset=utf-8"}, None),
    (CHANGES, ORIGIN, None),
    (CHANGES, {**OWN, "Sec-Fetch-Site": "none"}, "foreign_origin"),
    (CHANGES, {**OWN, "Sec-Fetch-Site": "same-site"}, "foreign_origin"),
    (CHANGES, {**OWN, "Sec-Fetch-Site": "cross-site"}, "foreign_origin"),
    (CHANGES, {**ORIGIN, "Sec-Fetch-Site": "cross-site"}, "foreign_origin"),
    (CHANGES, {"Content-Type": "application/json"}, "foreign_origin"),
    (CHANGES, {**ORIGIN, "Origin": "https://evil.test"}, "foreign_origin"),
    (CHANGES, {**ORIGIN, "Origin": "http://turbo.test.evil.test"}, "foreign_origin"),
    (CHANGES, {**ORIGIN, "Origin": "http://turbo.test:81"}, "foreign_origin"),
    (CHANGES, {**ORIGIN, "Origin": "null"}, "foreign_origin"),
    (CHANGES, {**OWN, **TEXT}, "json_only"),
    (CHANGES, {**OWN, "Content-Type": "application/x-www-form-urlencoded"}, "json_only"),
    (CHANGES, {**OWN, "Content-Type": "application/jsonp"}, "json_only"),
    (CHANGES, {**OWN, "Authorization": "Bearer x"}, "mixed_credentials"),
    (CHANGES, {**OWN, "X-API-Key": "x"}, "mixed_credentials"),
    (READS, {"Sec-Fetch-Site": "same-origin"}, None),
    (READS, {"Sec-Fetch-Site": "none"}, None),
    (READS, {}, None),
    (READS, {"Sec-Fetch-Site": "same-site"}, "foreign_origin"),
    (READS, {"Sec-Fetch-Site": "cross-site"}, "foreign_origin"),
    (READS, {"Origin": "https://evil.test"}, "foreign_origin"),
    (READS, {"Authorization": "Basic eDp5"}, "mixed_credentials"),
)


def test_a_cookie_opens_what_its_own_page_asks_for_and_nothing_else(web: Web) -> None:
    page = page_of(web, web.turbo.ada)
    wrong = []
    for (method, path), headers, refused in FROM:
        given = {"Content-Type": "text/plain", **headers} if method == "POST" else headers
        answer = page(method, path, given)
        status = {None: 200, "mixed_credentials": 400}.get(refused, 403)
        if answer.status_code != status or (refused and code(answer) != refused):
            wrong.append((method, headers, answer.status_code, answer.text))
    assert wrong == []


def test_signing_in_comes_from_the_page_too(web: Web) -> None:
    """Or another page could sign its reader in as somebody else."""
    for headers, refused in (
        ({**OWN, "Sec-Fetch-Site": "cross-site"}, "foreign_origin"),
        ({**OWN, "Content-Type": "text/plain"}, "json_only"),
        ({**OWN, "Origin": "http://turbo.test"}, "insecure_origin"),
    ):
        answer = sign_in(web, headers, key=web.turbo.ada.token)
        assert (answer.status_code, code(answer)) == (403, refused)
    assert rows(web) == []
    assert sign_in(web, {**OWN, "Origin": "https://turbo.test"}, key=web.turbo.ada.token).status_code == 200


def test_a_sessions_secret_is_no_key(web: Web) -> None:
    page = page_of(web, web.turbo.ada)
    for headers in ({"Authorization": f"Bearer {page.secret}"}, {"X-API-Key": page.secret}):
        assert code(web("GET", "/v1/me", headers=headers)) == "unauthenticated"
    page = Page(web, web.turbo.ada.token)
    assert code(page("GET", "/v1/me")) == "session_ended"
