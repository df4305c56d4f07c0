"""`turbo-client tools`: what there is, and all about one of them."""

import json
import subprocess
from collections.abc import Callable

from tests.client.conftest import Environment
from tests.client.stand_in import StandIn, tool

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_tools_are_listed_and_described(run: Run, logged_in: Environment, backend: StandIn) -> None:
    assert run(logged_in, "tools").stdout == "write_it  Does write_it.\nread_it   Does read_it.\n"
    assert json.loads(run(logged_in, "tools", "--json").stdout) == json.loads(backend.catalogue)
    assert "labels (list of strings)" in run(logged_in, "tools", "write_it").stdout
    assert json.loads(run(logged_in, "tools", "write_it", "--json").stdout)["tools"] == backend.tools[:1]


def test_a_tool_is_shown_with_values_inner_fields_and_an_example(
    run: Run, logged_in: Environment, backend: StandIn
) -> None:
    state = {"type": "string", "enum": ["open", "done"], "default": "open", "description": "Where it stands"}
    note = {"type": "object", "properties": {"next": {"type": "string"}}, "description": "For later"}
    steps = {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": {}}}}
    parts = {"type": "array", "items": {"enum": ["a", "b"], "type": "string"}}
    key = {"type": "string", "description": "Such as TURBO-12, or none"}
    minutes = {"type": "integer", "minimum": 0, "maximum": 90}
    described = tool("set_it", key=key, state=state, parts=parts, steps=steps, note=note, minutes=minutes)
    described["inputSchema"]["required"] = ["key"]
    backend.tools.append(described)
    assert run(logged_in, "tools", "set_it").stdout.split("\n") == [
        "set_it: Does set_it.",
        "",
        "arguments (* required):",
        " * key (string)  Such as TURBO-12, or none",
        "   state (open | done; default open)  Where it stands",
        "   parts (list of a | b)",
        "   steps (list of objects)",
        "     * name (any)",
        "   note (object)  For later",
        "       next (string)",
        "   minutes (integer; 0 to 90)",
        "",
        "example:",
        '  turbo-client call set_it key=TURBO-12 steps:=\'[{"name": "..."}]\'',
        "",
    ]
