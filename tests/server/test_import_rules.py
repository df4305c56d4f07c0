"""What holds for an import from every tool: once, whole, cut to what fits, and with a report."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.imports import PLACES, SAMPLES, Import, by_title, counts, item
from turbo_server.cli import run


@pytest.mark.parametrize("source", PLACES)
def test_it_is_safe_to_run_twice(turbo: Turbo, run_import: Import, source: str) -> None:
    status, printed, said = run_import(source)
    assert (status, said) == (0, "")
    assert printed.startswith(f"{source} into TURBO: created ")
    once = counts(turbo)
    assert once["issues"] > 0
    status, printed, _ = run_import(source)
    assert (status, counts(turbo)) == (0, once)
    assert re.search(r"created nothing; skipped .* that came in earlier\.", printed)


@pytest.mark.parametrize("source", PLACES)
def test_a_dry_run_tells_the_same_and_writes_nothing(turbo: Turbo, run_import: Import, source: str) -> None:
    before = counts(turbo)
    status, tried, _ = run_import(source, None, "--dry-run")
    assert (status, counts(turbo)) == (0, before)
    assert turbo.call("list_projects")["total"] == 0
    _, done, _ = run_import(source)
    assert tried == f"{done}Dry run: nothing was written.\n"


def test_a_record_that_changed_there_is_told_and_left_alone(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,title\n1,First\n")
    run_import("csv", path)
    turbo.call("update_issue", key="TURBO-1", title="Mine")
    path.write_text("id,title,depends on\n1,Changed,\n2,Second,1\n")
    _, printed, _ = run_import("csv", path)
    assert item(turbo, "TURBO-1")["title"] == "Mine"
    assert [row["key"] for row in item(turbo, "TURBO-2")["blocked_by"]] == ["TURBO-1"]
    assert "record: has changed there since its import; the item here stays (1)" in printed


def test_the_same_names_in_another_project_are_other_items(turbo: Turbo, run_import: Import) -> None:
    run_import("csv", SAMPLES / "csv" / "plain.csv")
    assert run(["import", "--from", "csv", str(SAMPLES / "csv/plain.csv"), "--project", "two", "--create", "Two"]) == 0
    assert turbo.call("list_issues", project="TWO")["total"] == 2


def test_what_does_not_fit_is_cut_and_told(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    long = {
        "id": "a",
        "title": "t" * 400 + "\nsecond line",
        "description": "漢\x00\ud800" * 100_000,
        "labels": ["x" * 51, *(f"l{number}" for number in range(30)), "L1"],
        "created_at": "2999-01-01T00:00:00Z",
    }
    lines = [long, {"id": "b", "title": "  "}, {"id": "c", "title": "c"}, {"id": "c", "title": "again"}]
    path = tmp_path / "issues.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    _, printed, _ = run_import("beads", path)
    made = item(turbo, "TURBO-1")
    assert (len(made["title"]), len(made["labels"])) == (300, 20)
    assert made["created_at"] < "2999"
    end = turbo.call("get_item", key="TURBO-1", offset=made["description_cut"]["total"] - 50)
    assert end["description"].endswith(".")
    for expected in (
        "title: is over 300 characters: cut, and kept in full in the description (a)",
        "description: held characters that cannot be stored: taken out (a)",
        "description: is over 256 KiB: cut (a)",
        "labels: some are over 50 characters: left out (a)",
        "labels: are more than 20: the rest was left out (a)",
        "title: is empty: the record was not taken (b)",
        "record: stands twice in the file: the first was taken (c)",
    ):
        assert expected in printed
    assert by_title(turbo).keys() >= {"c"}


def test_circles_of_parents_are_opened(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,title,parent\n1,a,2\n2,b,3\n3,c,1\n4,d,4\n5,e,1\n6,f,gone\n")
    _, printed, _ = run_import("csv", path)
    keys = by_title(turbo)
    parents = {title: item(turbo, key).get("parent", {}).get("title") for title, key in keys.items()}
    assert parents == {"a": None, "b": "c", "c": "a", "d": None, "e": "a", "f": None}
    assert "parent: gone was not imported (6)" in printed


def test_a_large_circle_and_a_long_chain_take_no_time(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = [f"{number},issue {number},{(number + 1) % 300}" for number in range(300)]
    path.write_text("\n".join(["id,title,depends on", *rows]))
    status, printed, _ = run_import("csv", path)
    assert status == 0
    assert counts(turbo)["issue_blocks"] == 299
    assert "waits for it already" in printed


def test_a_wrong_file_imports_nothing(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    path = tmp_path / "issues.jsonl"
    path.write_text('{"id":"a","title":"good"}\n{"id":')
    before = counts(turbo)
    status, printed, said = run_import("beads", path)
    assert (status, printed, counts(turbo)) == (1, "", before)
    assert said == "issues.jsonl, line 2: this is not JSON (Expecting value, column 7). Nothing was imported.\n"


def test_a_record_that_a_tool_refuses_undoes_all_of_it(
    turbo: Turbo, run_import: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("turbo_server.transfer.fitting.TITLE", 1_000)  # as if the tools had become stricter
    path = tmp_path / "x.csv"
    path.write_text(f"id,title\n1,good\n2,{'x' * 400}\n")
    before = counts(turbo)
    status, _, said = run_import("csv", path)
    assert (status, counts(turbo)) == (1, before)
    assert said.startswith("2: create_issue: `title` is over 300 characters")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["--account", "nobody"], "There is nobody called nobody."),
        (["--person", "gopher"], "--person is written OLD=NAME"),
        (["--project", "x"], "x is not a project key"),
    ],
)
def test_a_wrong_option_says_what_would_work(turbo: Turbo, run_import: Import, more: list[str], expected: str) -> None:
    status, _, said = run_import("csv", None, *more)
    assert status == 1
    assert expected in said
    assert counts(turbo)["issues"] == 0


def test_with_several_people_somebody_has_to_be_named(turbo: Turbo, run_import: Import) -> None:
    turbo.person("jonas")
    status, _, said = run_import("csv")
    assert (status, "--account ada | jonas" in said) == (1, True)
    assert run_import("csv", None, "--account", "JONAS")[0] == 0
    assert item(turbo, "TURBO-1")["created_by"] == "jonas"


def test_a_project_is_made_only_when_asked(turbo: Turbo, run_import: Import) -> None:
    status = run(["import", "--from", "csv", str(SAMPLES / "csv/plain.csv"), "--project", "TURBO"])
    assert (status, turbo.call("list_projects")["total"]) == (1, 0)
    assert run(["import", str(SAMPLES / "csv/plain.csv"), "--project", "TURBO"]) == 2
    assert run(["import", "--from", "csv", str(SAMPLES / "csv/plain.csv")]) == 2


def test_the_project_looks_as_busy_as_it_is(turbo: Turbo, run_import: Import) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    before = turbo.call("list_projects")["items"][0]["updated_at"]
    run_import("github")
    assert turbo.call("list_projects")["items"][0]["updated_at"] >= before


def test_folders_are_found_from_the_project_that_holds_them(turbo: Turbo, run_import: Import, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "backlog", tmp_path / "backlog")
    (tmp_path / ".taskmaster" / "tasks").mkdir(parents=True)
    shutil.copy(SAMPLES / "taskmaster" / "tasks.json", tmp_path / ".taskmaster" / "tasks")
    (tmp_path / ".beads").mkdir()
    shutil.copy(SAMPLES / "beads" / "issues.jsonl", tmp_path / ".beads")
    for source in ("backlog", "taskmaster", "beads"):
        assert run_import(source, tmp_path)[0] == 0
