"""The tool list is wire format and costs every session tokens: a snapshot, and budgets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from turbo_server.catalogue import INSTRUCTIONS, TOOLSETS, Catalogue

SNAPSHOT = Path(__file__).parent / "tools.json"
RENEW = "TURBO_RENEW=1 .venv/bin/python -m pytest tests/surface"
TOOLS: list[dict[str, Any]] = json.loads(Catalogue().listing)["tools"]
# What a model is given of a tool.
GIVEN = ("name", "description", "inputSchema")


def test_the_listing_is_the_committed_one() -> None:
    listing = json.dumps(json.loads(Catalogue().listing), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("TURBO_RENEW"):
        SNAPSHOT.write_text(listing)
    assert SNAPSHOT.read_text() == listing, f"The tool list has changed. If that is meant: {RENEW}"


def test_the_list_keeps_its_budgets() -> None:
    assert len(TOOLS) <= 30
    assert given_bytes(TOOLS) <= 24_000
    assert len(INSTRUCTIONS) <= 1_500


def given_bytes(tools: list[dict[str, Any]]) -> int:
    given = [{name: tool[name] for name in GIVEN} for tool in tools]
    return len(json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode())  # as it goes over the wire


def test_the_instructions_name_every_tool() -> None:
    assert [tool["name"] for tool in TOOLS if tool["name"] not in INSTRUCTIONS] == []


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool["name"])
def test_a_tool_is_plain_to_every_client(tool: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", tool["name"])
    assert len(tool["name"]) <= 46
    assert len(tool["description"]) <= 1_000
    schema = tool["inputSchema"]
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= set(schema["properties"])
    written = json.dumps(schema)
    assert not any(word in written for word in ('"$ref"', '"anyOf"', '"null"', '"$defs"'))
    assert all("type" in argument for argument in schema["properties"].values())
    hints = tool["annotations"]
    assert isinstance(hints["readOnlyHint"], bool)
    assert hints["openWorldHint"] is False
    assert tool["title"] == hints["title"]
    for name, content in tool.get("_meta", {}).get("turbo/files", {}).items():
        assert {name, content} <= set(schema["properties"])
        assert not {name, content} & set(schema["required"])


def test_the_bytes_are_the_same_in_every_process() -> None:
    program = "from turbo_server.catalogue import Catalogue; print(Catalogue().etag)"
    etags = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(etags) == 1


def test_each_tool_stands_in_one_toolset() -> None:
    names = [tool.name for toolset in TOOLSETS for tool in toolset.tools]
    assert len(names) == len(set(names)) == len(TOOLS)


def test_core_alone_is_small_and_speaks_of_its_own_tools_only() -> None:
    core = json.loads(Catalogue().listing_of(("core",)))
    names = {tool["name"] for tool in core["tools"]}
    assert len(names) <= 16
    assert given_bytes(core["tools"]) <= 14_000
    assert [tool["name"] for tool in TOOLS if tool["name"] not in names and tool["name"] in core["instructions"]] == []
