"""Machines and keys and the settings, as a person uses them; and the programs that feel it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.client.session import Session
from tests.doors.machines import Machine, is_accepted
from tests.server.live import NO_TLS, LiveServer, clean_environment
from turbo_server.account.token import mint

from .conftest import axe_findings

pytestmark = [pytest.mark.web, pytest.mark.timeout(180)]


@pytest.fixture
def machine(tmp_path: Path, server: LiveServer) -> Machine:
    return Machine("desk", clean_environment(tmp_path), server)


def rest(server: LiveServer, method: str, path: str, **body: object) -> dict[str, object]:
    answer = httpx.request(method, f"{server.url}{path}", json=body, headers=server.headers, verify=NO_TLS)
    answer.raise_for_status()
    result: dict[str, object] = answer.json()
    return result


def make_key(page: Page, name: str) -> str:
    page.goto("/machines")
    page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("button", name="Make the key").click()
    key = dialog.get_by_label("Shown this once").input_value()
    expect(dialog).to_contain_text("turbo-client login --url")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    return key


@contextmanager
def signed_in(browser: Browser, server: LiveServer, key: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/")
    page.get_by_label("API key").fill(key)
    page.keyboard.press("Enter")
    page.get_by_role("navigation").wait_for()
    yield page
    context.close()


def row(page: Page, text: str) -> Locator:
    return page.locator(".own-row", has_text=text)


def test_a_machine_that_is_revoked_in_the_page_is_refused_at_once(
    page: Page, server: LiveServer, machine: Machine
) -> None:
    machine.login(make_key(page, "for the desk"))
    with Session(machine.home) as session:
        session.initialize()
        assert not session.call("list_projects").get("isError")
        page.reload()
        expect(row(page, "desk").first).to_contain_text("by turbo-client")
        page.get_by_role("button", name="Revoke desk").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("turbo-client on desk")
        dialog.get_by_role("button", name="Revoke").click()
        expect(row(page, "…" + machine.key[-4:])).to_have_count(0)
        refused = session.call("list_projects")
        assert refused["isError"]
        assert "key" in json.dumps(refused["content"])
    assert machine.run("call", "list_projects").returncode != 0
    assert not is_accepted(server, machine.key)


def test_a_key_of_another_machine_is_rotated_and_the_old_secret_has_a_day_left(page: Page, server: LiveServer) -> None:
    old = make_key(page, "nightly report")
    page.get_by_role("button", name="Rotate nightly report").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Rotate").click()
    new = dialog.get_by_label("Shown this once").input_value()
    page.mouse.click(5, 5)  # beside it: what is shown once does not go away by a slip
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    assert new != old
    assert is_accepted(server, old)
    assert is_accepted(server, new)
    page.get_by_role("button", name="Rename nightly report").click()
    dialog.get_by_label("Name").fill("weekly report")
    page.keyboard.press("Enter")
    expect(row(page, "weekly report")).to_contain_text("…" + new[-4:])


def test_a_browser_elsewhere_is_signed_out_from_the_list(page: Page, browser: Browser, server: LiveServer) -> None:
    with signed_in(browser, server, make_key(page, "borrowed browser")) as other:
        page.reload()
        page.get_by_role("button", name="End the session with borrowed browser").click()
        expect(row(page, "With borrowed browser")).to_have_count(0)
        other.goto("/issues")
        other.get_by_label("API key").wait_for()


def test_somebody_is_invited_joins_changes_role_and_is_removed(
    page: Page, browser: Browser, server: LiveServer
) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("jonas")
    dialog.get_by_role("button", name="Make the invitation").click()
    invitation = dialog.get_by_label("Shown this once").input_value()
    dialog.get_by_role("button", name="Done").click()
    expect(row(page, "jonas")).to_contain_text("Invited")
    key, bearer = mint(), {"Authorization": f"Bearer {invitation}"}
    joined = httpx.post(f"{server.url}/v1/join", json={"key": key}, headers=bearer, verify=NO_TLS)
    assert joined.status_code == 200
    page.reload()
    person = page.locator('[data-person="jonas"]')
    person.get_by_role("button", name="Role of jonas").click()
    page.get_by_role("option", name="Viewer").click()
    expect(person).to_contain_text("Viewer")
    with signed_in(browser, server, key) as theirs:
        theirs.goto("/settings")
        expect(theirs.get_by_text("You are a viewer here").first).to_be_visible()
        for name in ("Invite", "New project", "New webhook", "Edit WEB", "Archive WEB"):
            expect(theirs.get_by_role("button", name=name)).to_have_count(0)
        theirs.goto("/import")
        expect(theirs.get_by_text("An owner imports")).to_be_visible()
        expect(theirs.get_by_text("Choose a file")).to_have_count(0)
    page.get_by_role("button", name="Remove jonas").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(person).to_have_count(0)
    assert not is_accepted(server, key)


def test_a_project_is_made_renamed_made_private_archived_and_brought_back(page: Page, server: LiveServer) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="New project").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Billing")
    dialog.get_by_label("Key").fill("bill")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Edit BILL").click()
    dialog.get_by_label("Name").fill("Billing and dunning")
    dialog.get_by_label("Description").fill("What is owed.")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator('[data-project="BILL"]')).to_contain_text("Billing and dunning")
    page.get_by_role("button", name="Who sees it: BILL").click()
    dialog.get_by_role("button", name="Make it private").click()
    expect(dialog.get_by_role("checkbox", name="ada (you)")).to_be_checked()
    page.keyboard.press("Escape")
    assert server.call("get_item", key="BILL")["description"] == "What is owed."
    access = httpx.get(f"{server.url}/v1/access?project=BILL", headers=server.headers, verify=NO_TLS).json()
    assert access["members"] == ["ada"]
    page.get_by_role("button", name="Archive BILL").click()
    expect(page.locator('[data-project="BILL"]')).to_have_count(0)
    page.get_by_role("button", name="Archived").click()
    page.get_by_role("button", name="Restore BILL").click()
    expect(page.locator('[data-project="BILL"]')).to_have_count(0)
    assert "BILL" in {each["key"] for each in server.call("list_projects")["items"]}


@contextmanager
def receiver(told: list[dict[str, object]]) -> Iterator[str]:
    """The address of somebody who is told, without an event loop: Playwright leaves one running."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as somebody:
        thread = threading.Thread(target=somebody.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{somebody.server_port}/hook"
        somebody.shutdown()
        thread.join()


def test_a_webhook_is_made_tested_and_what_was_given_up_is_told(page: Page) -> None:
    told: list[dict[str, object]] = []
    with receiver(told) as address:
        page.goto("/settings")
        page.get_by_role("button", name="New webhook").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Address").fill(address)
        dialog.get_by_label("Name").fill("Chat")
        dialog.get_by_role("button", name="Make the webhook").click()
        assert dialog.get_by_label("Shown this once").input_value().startswith("whsec_")
        dialog.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Test Chat").click()
        expect(dialog.get_by_role("list", name="Deliveries")).to_contain_text("Delivered")
        assert "webhook.test" in {each["type"] for each in told}
        dialog.get_by_role("button", name="Given up").click()
        expect(dialog).to_contain_text("Nothing was given up")
        dialog.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Delete Chat").click()
        dialog.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("list", name="Webhooks").get_by_role("listitem")).to_have_count(0)


OFF_SCREEN = """() => [...document.querySelectorAll('button, a, input, select, textarea')].filter((each) => {
    const box = each.getBoundingClientRect()
    return box.width > 1 && !each.closest('.nav') && (box.left < 0 || box.right > innerWidth + 0.5)
}).map((each) => each.outerHTML)"""


def test_on_a_phone_everything_that_is_pressed_is_on_the_screen_and_axe_finds_nothing_in_dialogs(
    page: Page, server: LiveServer
) -> None:
    rest(server, "POST", "/v1/keys", name="a key with a name that is rather long for the screen of a phone, is it not")
    rest(server, "POST", "/v1/webhooks", url="https://example.com/" + "long/" * 20)
    page.set_viewport_size({"width": 390, "height": 844})
    opened = {
        "machines": ("New key", "Revoke key"),
        "settings": ("Invite", "New project", "Edit WEB", "Who sees it: WEB", "New webhook"),
        "import": (),
    }
    for path, buttons in opened.items():
        page.goto(f"/{path}")
        page.locator(".bar").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.evaluate(OFF_SCREEN) == [], path
        for name in buttons:
            page.get_by_role("button", name=name, exact=True).first.click()
            page.get_by_role("dialog").wait_for()
            page.wait_for_load_state("networkidle")
            assert page.evaluate(OFF_SCREEN) == [], (path, name)
            assert axe_findings(page) == [], (path, name)
            page.keyboard.press("Escape")
