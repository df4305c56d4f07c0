"""Whatever stands in a text, no script of it runs and nothing is asked of another origin."""

import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.server.live import LiveServer

from .attempts import ATTEMPTS
from .conftest import Tabs, web_server
from .places import go, pages, settled
from .text_fields import Field, Writer, fields

pytestmark = pytest.mark.web
FOREIGN = "script, style, link, iframe, object, embed, img, base, form[action], [ping], [srcset]"  # to our own parts
LENGTHS = (50, 80, 200, 300)
GOOD_LINK = re.compile(r"(https?:|mailto:|/|#)", re.IGNORECASE)
NUMBER = re.compile(r"(?:attempt |ran\(|example/)(\d+)")
ROUNDS = (
    pytest.param(3, marks=pytest.mark.timeout(180)),
    pytest.param(len(ATTEMPTS), marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
)


@pytest.fixture
def server(tmp_path: Path, sqlite_template: Path) -> Iterator[LiveServer]:
    """One of its own: nothing in it is as it should be."""
    with web_server(tmp_path, sqlite_template) as server:
        yield server


@pytest.mark.parametrize("rounds", ROUNDS)
def test_no_stored_text_runs_or_asks_anything_elsewhere(server: LiveServer, tabs: Tabs, rounds: int) -> None:
    writer = Writer(server)
    store(writer, rounds)
    writer.close()
    page = tabs.open()
    page.goto("/")
    settled(page)
    for address in addresses(page, (f"/{each}" for each in (*pages(), *writer.touched))):
        look_through(page)
        bad = page.locator("[href], [src], [action], [formaction]").evaluate_all(
            "all => all.flatMap(each => ['href', 'src', 'action', 'formaction'].map(name => each.getAttribute(name)))"
        )
        assert [each for each in bad if each and not GOOD_LINK.match(each)] == [], address
        assert (
            page.locator(".main").locator("script, style, link, iframe, object, embed, img, base, form[action]").count()
            == 0
        )
        assert tabs.watch.seen == [], address


def store(writer: Writer, rounds: int) -> None:
    """In each round every field gets another attempt, or where it takes so much, all of them from another one on."""
    kept = [field for field in fields() if writer.keeps(field)]
    assert len(kept) > 60, "the API takes texts in more places than these"
    lengths = {field: _length(writer, field) for field in kept}
    for number in range(rounds):
        for verb, group in itertools.groupby(kept, lambda field: field.verb):
            texts = {
                field: _text(lengths[field], at) for at, field in enumerate(group, number * len(ATTEMPTS) // rounds)
            }
            by = ATTEMPTS[number % len(ATTEMPTS)]
            if not writer.write(verb, texts, by):
                for field, text in texts.items():
                    writer.write(verb, {field: text})


def _length(writer: Writer, field: Field) -> int:
    whole = "\n\n".join(ATTEMPTS)
    if writer.write(field.verb, {field: whole}):
        return len(whole)
    return max((each for each in LENGTHS if writer.write(field.verb, {field: "x" * each})), default=LENGTHS[0])


def _text(length: int, first: int) -> str:
    turned = deque(ATTEMPTS)
    turned.rotate(-first)
    if length > max(LENGTHS):
        return "\n\n".join(turned)
    return next(each for each in turned if len(each) <= length)


def addresses(page: Page, known: Iterable[str]) -> Iterator[str]:
    """Goes to each, and to all that are linked from there."""
    waiting = deque(known)
    seen = set(waiting)
    while waiting:
        yield_to = waiting.popleft()
        go(page, yield_to)
        yield yield_to
        linked: Sequence[str] = page.locator(".main a[href^='/']").evaluate_all(
            "all => all.map(each => each.getAttribute('href'))"
        )
        fresh = [each for each in dict.fromkeys(linked) if each not in seen and re.fullmatch(r"/[\w?=&/-]*", each)]
        seen.update(fresh)
        waiting.extend(fresh)


def look_through(page: Page) -> None:
    """What a person would open there without changing anything."""
    for each in page.locator(".main [role=tab], .main summary").all():
        each.click()
        settled(page)


def test_the_detector_sees_what_does_run(tabs: Tabs) -> None:
    """The control: the same texts as the markup they are not, without a policy and with that of the server."""
    page = tabs.open()
    ran = seen_in(page, tabs, policy=None)
    assert len(numbers(ran, "has run")) > 30, ran
    assert len(numbers(ran, "asked elsewhere")) > 10, ran
    blocked = seen_in(tabs.open(), tabs, policy=page.request.get("/").headers["content-security-policy"])
    assert len(numbers(blocked, "blocked by the policy")) > 10, blocked
    assert not numbers(blocked, "has run")


def seen_in(page: Page, tabs: Tabs, policy: str | None) -> list[str]:
    frames = "".join(f"<iframe src=/control-{number}></iframe>" for number in range(len(ATTEMPTS)))

    def serve(route: Route) -> None:
        number = route.request.url.partition("-")[2]
        headers = {"Content-Security-Policy": policy.replace("frame-ancestors 'none'", "")} if policy else {}
        body = f"<!doctype html>{ATTEMPTS[int(number)] if number else frames}"
        route.fulfill(body=body, content_type="text/html", headers=headers)

    page.route(re.compile(r"/control(-\d+)?$"), serve)
    page.goto("/control", timeout=60_000)
    seen = list(tabs.watch.seen)
    tabs.watch.seen.clear()
    return seen


def numbers(seen: list[str], what: str) -> set[str]:
    return {found[1] for each in seen if what in each and (found := NUMBER.search(each))}
