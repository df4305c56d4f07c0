"""docs/reference/tools.md: every tool with its arguments, its result, and a call that was really made."""

import json
from collections.abc import Mapping
from typing import Any

from docs.generators.example_server import PERSON, example_server
from docs.generators.fields import argument_rows, result_rows
from docs.generators.incomplete import Incomplete, require_same
from docs.generators.markdown import code, json_code, table
from docs.generators.story import STORY
from turbo_server.catalogue import Catalogue
from turbo_server.kit.tool import Effect, Tool

EFFECTS = {
    Effect.READ: "It only reads.",
    Effect.CREATE: "It makes something new.",
    Effect.UPDATE: "It changes what is there.",
}
INTRODUCTION = """\
# Tools

What a Claude Code session sees of Turbo. The same tools answer to `turbo-client call NAME name=value ...` and to
`POST /v1/tools/NAME` ([HTTP API](http-api.md)). In Claude Code their names begin with `mcp__turbo__`.

Rules of all of them:

- Keys may be written in any letter case.
- Dates are `2026-12-31`, `today`, `tomorrow`, `yesterday`, a weekday (the next one), `+3d` or `+2w`; `none` clears one.
- `me` is the person of the API key.
- An unknown argument is refused, with the nearest known one named.
- An argument that is `null` counts as not given. A list may also be written as text, with commas or as JSON.
- A text argument holds at most 256 KiB. Names and titles are one line of at most 300 characters.
- A field without a value is left out of the result.
- A list answers `items`, `total` and `next_cursor`. For the next page, repeat the call with `cursor` set to that.

Every example on this page was executed when the page was written, on an empty SQLite database, in this order:
"""


def page() -> str:
    tools = Catalogue().tools
    answers = _answers(tools)
    contents = table(
        ("Tool", "", "Effect"),
        ([f"[`{tool.name}`](#{tool.name})", tool.title, tool.effect.value] for tool in tools.values()),
    )
    order = f"{_in_order()}\n\nThe caller is `{PERSON}`, the machine `laptop`, the day Monday, 2026-03-02.\n"
    return "\n".join(
        [INTRODUCTION + order, contents, *(_section(tool, *answers[tool.name]) for tool in tools.values())]
    )


def _in_order() -> str:
    return ", ".join(f"`{name}`" for name, _ in STORY) + "."


def _answers(tools: Mapping[str, Tool]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The last call of each tool in the story, with its result. Raises Incomplete for a call that fails."""
    require_same(set(tools), {name for name, _ in STORY}, "tool", "docs/generators/story.py")
    answers = {}
    with example_server() as server:
        for name, arguments in STORY:
            answer = server.call(name, arguments)
            if answer.status_code != 200:
                raise Incomplete(f"docs/generators/story.py: {name} {arguments} answers {answer.text}")
            answers[name] = (arguments, answer.json())
    return answers


def _annotations(tool: Tool) -> str:
    return ", ".join(f"`{name}` {str(value).lower()}" for name, value in tool.effect.annotations.items())


def _section(tool: Tool, arguments: dict[str, Any], result: dict[str, Any]) -> str:
    rows = list(argument_rows(tool.input_schema))
    parts = [
        f"## {tool.name}\n",
        f"{tool.description}\n",
        f"{EFFECTS[tool.effect]} MCP annotations: {_annotations(tool)}.\n",
        "### Arguments\n" if rows else "It takes no arguments.\n",
        table(("Name", "Type", "Required", "Default", ""), rows) if rows else "",
        "### Result\n",
        table(("Field", "Type", "There"), result_rows(tool.result)),
        "### Example\n",
        code(f"{tool.name} {json.dumps(arguments, ensure_ascii=False)}"),
        json_code(result),
    ]
    return "\n".join(part for part in parts if part)
