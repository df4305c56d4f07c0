"""Files of other tools through `POST /v1/imports`: tried out first, written once and whole, by owners alone."""

import base64
import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.server.harness import Person, ToolFailed, Turbo
from tests.server.imports import SAMPLES, counts, item
from tests.server.originals import made
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.transfer import upload

CSV = b"id,title,status,assignee,labels,colour\nA-1,First,done,gopher,a|b,red\nA-2,Second,todo,ada,,blue\n"


def sent(name: str, content: bytes, **more: object) -> dict[str, Any]:
    return {"name": name, "content": base64.b64encode(content).decode(), **more}


def bring(person: Person, name: str, content: bytes, **more: object) -> dict[str, Any]:
    result: dict[str, Any] = person.ask("POST", "/v1/imports", **sent(name, content, **more))
    return result


def refusal(person: Person, name: str, content: bytes, **more: object) -> ToolFailed:
    with pytest.raises(ToolFailed) as refused:
        bring(person, name, content, **more)
    return refused.value


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_a_dry_run_tells_all_and_leaves_nothing_and_the_import_does_what_it_told(turbo: Turbo) -> None:
    given = {"project": "APP", "create": "App", "people": {"Gopher": "ada"}}
    before = counts(turbo)
    told = bring(turbo.ada, "issues.csv", CSV, **given, dry_run=True)
    assert counts(turbo) == before
    assert turbo.refused("get_item", key="APP").code == "project_not_found"
    done = bring(turbo.ada, "issues.csv", CSV, **given)
    assert (told["written"], "session" in told) == (False, False)
    assert {**told, "written": True, "session": done["session"]} == done
    assert done["created"] == [{"kind": "issue", "count": 2, "keys": "APP-1 to APP-2"}]
    assert (done["source"], done["projects"], done["strangers"]) == ("csv", ["APP"], [])
    assert [(each["field"], each["count"]) for each in done["not_taken"]] == [("colour", 1)]
    first = item(turbo, "APP-1")
    assert (first["status"], first["assignee"], first["labels"]) == ("done", "ada", ["a", "b"])


def test_who_is_nobody_here_is_named_so_that_he_can_be_mapped(turbo: Turbo) -> None:
    turbo.call("create_project", key="APP", name="App")
    told = bring(turbo.ada, "x.csv", CSV, project="APP", dry_run=True)
    assert told["strangers"] == [{"name": "gopher", "times": 1}]
    assert "there is nobody called gopher" in [each["why"] for each in told["not_taken"]]
    told = bring(turbo.ada, "x.csv", CSV, project="APP", people={"gopher": "nobody either"}, dry_run=True)
    assert [each["name"] for each in told["strangers"]] == ["gopher"]


@pytest.mark.parametrize(
    ("name", "place", "source", "made"),
    [
        ("plain.csv", "csv/plain.csv", "csv", 2), ("issues.json", "github/issues.json", "github", 3),
        ("issues.jsonl", "beads/issues.jsonl", "beads", 4), ("tasks.json", "taskmaster/tasks.json", "taskmaster", 6),
    ],
)  # fmt: skip
def test_every_file_is_known_by_its_look(turbo: Turbo, name: str, place: str, source: str, made: int) -> None:
    turbo.call("create_project", key="APP", name="App")
    told = bring(turbo.ada, name, sample(place), project="APP", dry_run=True)
    assert told["source"] == source
    assert sum(each["count"] for each in told["created"] if each["kind"] == "issue") == made
    assert source in {each["source"] for each in turbo.ada.ask("GET", "/v1/imports")["sources"]}


def test_the_original_brings_its_projects_which_may_be_renamed(turbo: Turbo, tmp_path: Path) -> None:
    content = made(tmp_path / "turbo.db", "uuids").read_bytes()
    told = bring(turbo.ada, "turbo.db", content, dry_run=True)
    assert (told["source"], len(told["projects"]) > 0) == ("turbo", True)
    old = told["projects"][0]
    done = bring(turbo.ada, "turbo.db", content, rename={old: "NEWKEY"})
    assert "NEWKEY" in done["projects"]
    assert old not in done["projects"]


def test_the_same_press_twice_and_the_same_file_twice_import_once(turbo: Turbo) -> None:
    turbo.call("create_project", key="APP", name="App")
    pressed = turbo.ada.with_key(str(uuid4()))
    assert bring(pressed, "x.csv", CSV, project="APP") == bring(pressed, "x.csv", CSV, project="APP")
    again = bring(turbo.ada.with_key(str(uuid4())), "x.csv", CSV, project="APP")
    assert (again["created"], again["skipped"]) == ([], [{"kind": "issue", "count": 2}])
    assert len(turbo.call("list_issues", project="APP", status=["open", "closed"])["items"]) == 2


def test_an_import_is_taken_back_as_one_session(turbo: Turbo) -> None:
    turbo.call("create_project", key="APP", name="App")
    done = bring(turbo.ada, "x.csv", CSV, project="APP")
    turbo.call("undo", session=done["session"], confirm=True)
    assert turbo.call("list_issues", project="APP", status=["open", "closed"])["items"] == []


REFUSED = {
    "empty": (b" \n", "x.csv is empty"),
    "zip": (b"PK\x03\x04....", "compressed (a zip archive)"),
    "export": (b'{"turbo_export": 1}\n', "export of turbo-server"),
    "json of no tool": (b'{"a": 1}', "of no tool that is known"),
    "no title": (b"colour\nred\n", "line 1: no column is called title"),
    "a torn row": (b'title,status\n"x', "no CSV row"),
    "a key in a text": (b"title\n{key}\n", "holds a Turbo API key"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place_and_nothing_is_left(turbo: Turbo, name: str) -> None:
    content, words = REFUSED[name]
    before = counts(turbo)
    file = "x.json" if name == "json of no tool" else "x.csv"
    content = content.replace(b"{key}", turbo.ada.token.encode())
    failed = refusal(turbo.ada, file, content, project="APP", create="App")
    assert (failed.status, failed.code) == (422, "import_refused")
    assert words in failed.message
    assert tempfile.gettempdir() not in failed.message
    assert counts(turbo) == before
    assert turbo.refused("get_item", key="APP").code == "project_not_found"


def test_a_damaged_database_is_named_as_the_person_knows_it(turbo: Turbo) -> None:
    failed = refusal(turbo.ada, "../../etc/turbo.db", b"SQLite format 3\x00" + b"x" * 4096)
    assert failed.message.startswith("turbo.db is damaged")


def test_a_file_of_too_many_records_is_refused_before_it_takes_memory(
    turbo: Turbo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "MOST_RECORDS", 3)
    turbo.call("create_project", key="APP", name="App")
    issue = {"number": 1, "title": "x", "comments": [{"body": "y"}] * 3}
    for name, content in (
        ("x.csv", b"title\n" + b"x\n" * 4),
        ("x.json", json.dumps([issue]).encode()),
        ("x.jsonl", b"".join(b'{"id": "a%d", "title": "x"}\n' % number for number in range(4))),
        ("y.json", json.dumps({"tasks": [{"id": number, "title": "x"} for number in range(4)]}).encode()),
        ("many columns.csv", b"title," + b",".join(b"c%d" % number for number in range(50)) + b"\nx\n"),
    ):
        failed = refusal(turbo.ada, name, content, project="APP")
        assert "more than 3 items" in failed.message, name
        assert "turbo-server import" in failed.message


def test_only_an_owner_with_an_admin_key_imports_and_only_into_what_he_sees(turbo: Turbo) -> None:
    for key in ("APP", "WEB"):
        turbo.call("create_project", key=key, name=key)
    ivy = turbo.person("ivy", role=Role.OWNER)
    ivy.call("create_project", key="VEIL", name="Veil")
    ivy.ask("POST", "/v1/access", project="VEIL", private=True)
    fay = turbo.person("fay", workspace="elsewhere")
    fay.call("create_project", key="FAR", name="Far")
    limited = turbo.person("ada", Grant(Scope.ADMIN, NEVER), ("APP",))
    for person, project, status in (
        (turbo.person("jonas"), "APP", 403), (turbo.person("ada", Grant(Scope.WRITE, NEVER)), "APP", 403),
        (turbo.ada, "VEIL", 404), (turbo.ada, "FAR", 404), (limited, "WEB", 404), (fay, "APP", 404),
    ):  # fmt: skip
        assert refusal(person, "x.csv", CSV, project=project).status == status
    assert refusal(limited, "x.csv", CSV, project="NEW", create="New").status == 409
    assert bring(turbo.ada, "x.csv", CSV, project="WEB")["created"][0]["count"] == 2  # with VEIL hidden from him
    assert bring(limited, "x.csv", CSV, project="APP")["created"][0]["count"] == 2


def test_an_import_is_one_creation_of_its_key(database_url: str) -> None:
    with Turbo(database_url, creations_per_hour=3) as turbo:
        turbo.call("create_project", key="APP", name="App")
        rows = b"".join(b"%d,x\n" % number for number in range(20))
        assert bring(turbo.ada, "x.csv", b"id,title\n" + rows, project="APP")["created"][0]["count"] == 20
        bring(turbo.ada, "x.csv", b"id,title\n" + rows, project="APP")
        assert refusal(turbo.ada, "x.csv", CSV, project="APP").code == "too_many_creations"
