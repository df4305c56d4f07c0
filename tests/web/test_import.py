"""A file of another tool through the page: tried out, imported once, taken back."""

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.server.live import LiveServer

pytestmark = [pytest.mark.web, pytest.mark.timeout(120)]
CSV = (
    "id,title,status,assignee,labels,colour\n"
    "A-1,First of the file,in progress,gopher,billing,red\n"
    "A-2,Second of the file,done,ada,,blue\n"
)


def choose(page: Page, name: str, content: str, project: str) -> None:
    page.goto("/import")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content.encode()})
    page.get_by_role("button", name="Into:").click()
    page.get_by_placeholder("A project, or a new key").fill(project)
    page.get_by_role("option", name=f"Use “{project}”").click()


def test_a_file_is_tried_out_mapped_imported_once_and_taken_back(page: Page, server: LiveServer) -> None:
    choose(page, "issues.csv", CSV, "brought")
    page.get_by_label("Name of the new project").fill("Brought along")
    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_text("This would come into BROUGHT")).to_be_visible()
    expect(page.locator(".import")).to_contain_text("colour")
    assert "BROUGHT" not in {each["key"] for each in server.call("list_projects")["items"]}
    page.get_by_role("button", name="gopher is here").click()
    page.get_by_role("option", name="ada").click()
    page.get_by_role("button", name="Try it out again").click()
    page.get_by_role("button", name="Import 2 items").dblclick()
    expect(page.get_by_text("Imported into BROUGHT")).to_be_visible()
    items = server.call("list_issues", project="BROUGHT", status=["open", "closed"])["items"]
    assert {(each["title"], each.get("assignee")) for each in items} == {
        ("First of the file", "ada"), ("Second of the file", "ada"),
    }  # fmt: skip
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    left = server.call("list_issues", status=["open", "closed"], text="of the file", limit=100)["items"]
    assert [each for each in left if each["key"].startswith("BROUGHT-")] == []


def test_a_lost_answer_to_an_import_is_asked_for_again_and_nothing_comes_twice(page: Page, server: LiveServer) -> None:
    choose(page, "issues.csv", CSV, "LOST")
    page.get_by_role("button", name="Try it out").click()
    lost: list[APIResponse] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/v1/imports", lose_the_first)
    page.get_by_role("button", name="Import 2 items").click()
    expect(page.get_by_text("Imported into LOST")).to_be_visible()
    assert lost[0].status == 200
    assert server.call("list_issues", project="LOST", status=["open", "closed"])["total"] == 2


def test_a_file_that_cannot_be_read_is_refused_in_words(page: Page, server: LiveServer) -> None:
    choose(page, "issues.csv", "colour\nred\n", "NEVER")
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator(".problem")).to_contain_text("no column is called title")
    page.get_by_role("button", name="Another file").click()
    page.locator("input[type=file]").set_input_files({"name": "huge.csv", "mimeType": "", "buffer": b"x" * 7 * 2**20})
    expect(page.locator(".problem")).to_contain_text("turbo-server import takes files of any size")
