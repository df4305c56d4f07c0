"""A project is given another name and description: by whoever writes, once, and never over what was not read."""

import pytest

from tests.server.harness import ToolFailed, Turbo


def test_a_projects_name_and_description_change_and_its_history_says_so(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web", description="Before")
    changed = turbo.ada.ask("POST", "/v1/projects", project="web", name="Web shop", description="Before")
    assert changed == {"key": "WEB", "name": "Web shop", "version": 2, "changed": ["name"]}
    item = turbo.call("get_item", key="WEB", include=["history"])
    assert (item["title"], item["description"], item["version"]) == ("Web shop", "Before", 2)
    assert item["history"][0]["changed"] == [{"field": "name", "before": "Web", "after": "Web shop"}]
    assert [row["key"] for row in turbo.call("search", query="shop")["items"]] == ["WEB"]
    turbo.call("undo", event=item["history"][0]["event"], confirm=True)
    assert turbo.call("get_item", key="WEB")["title"] == "Web"


def test_a_stale_nothing_saying_or_impossible_change_is_refused(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_project", key="OLD", name="Old")
    turbo.ada.ask("POST", "/v1/projects", project="WEB", name="Newer", version=1)
    turbo.call("archive_item", key="OLD")
    for given, code in (
        ({"project": "WEB", "name": "Mine", "version": 1}, "version_conflict"),
        ({"project": "WEB"}, "invalid_arguments"),
        ({"project": "WEB", "name": ""}, "invalid_arguments"),
        ({"project": "OLD", "name": "x"}, "item_archived"),
        ({"project": "WBE", "name": "x"}, "project_not_found"),
    ):
        with pytest.raises(ToolFailed) as refused:
            turbo.ada.ask("POST", "/v1/projects", **given)
        assert refused.value.code == code
    assert turbo.call("get_item", key="WEB")["title"] == "Newer"
