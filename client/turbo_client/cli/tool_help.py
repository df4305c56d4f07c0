"""All about one tool, read from its schema: what each argument may be and has inside, and one call as an example."""

import json
import shlex
import textwrap
from collections.abc import Iterator
from typing import Any

from turbo_client.cli.schemas import Schema, described, inside_of, items_of, kinds_of, sample, spelled, values_of

_WIDTH = 100
_DEEPEST = 3


def description(tool: dict[str, Any]) -> str:
    """The tool's own words and its arguments, required ones marked."""
    schema = tool["inputSchema"]
    lines = [f"{tool['name']}: {tool.get('description', '')}", ""]
    if not schema.get("properties"):
        return "\n".join([*lines, "no arguments"])
    lines += ["arguments (* required):", *_fields(schema, schema, " ")]
    return "\n".join([*lines, "", "example:", f"  {example(tool)}"])


def _fields(schema: Schema, root: Schema, indent: str, depth: int = 0) -> Iterator[str]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        mark = "*" if name in required else " "
        about = described(field, root)
        start = f"{indent}{mark} {name} ({_kind(field, root)})"
        yield from _wrapped(f"{start}  {about.get('description', '')}".rstrip(), f"{indent}      ")
        inside = inside_of(about, root)
        if inside and depth < _DEEPEST:
            yield from _fields(inside, root, f"{indent}    ", depth + 1)


def _wrapped(line: str, indent: str) -> list[str]:
    start = line[: len(line) - len(line.lstrip())]
    wrapper = textwrap.TextWrapper(_WIDTH, start, indent, break_long_words=False, break_on_hyphens=False)
    return wrapper.wrap(line.lstrip())


def _kind(field: object, root: Schema) -> str:
    about = described(field, root)
    values = values_of(about, root)
    items = items_of(about, root)
    if values:
        kind = " | ".join(values)
    elif items is not None:
        inner = values_of(described(items, root), root)
        kinds = "|".join(sorted(kinds_of(items, root))) or "any"
        kind = f"list of {' | '.join(inner)}" if inner else f"list of {kinds}s"
    else:
        kind = "|".join(sorted(kinds_of(field, root))) or "any"
    return "; ".join([kind, *_bounds(about)])


def _bounds(about: Schema) -> Iterator[str]:
    low, high = about.get("minimum"), about.get("maximum")
    if isinstance(low, int) and isinstance(high, int) and high < 1_000_000:
        yield f"{low} to {high}"
    if about.get("default") not in (None, "", [], {}):
        yield f"default {spelled(about['default'])}"


def example(tool: dict[str, Any]) -> str:
    """All that is required, and the first of what has values to choose from or something inside."""
    schema = tool["inputSchema"]
    fields: dict[str, object] = schema.get("properties", {})
    shown = [name for name in fields if name in schema.get("required", [])]
    others = {name: described(field, schema) for name, field in fields.items() if name not in shown}
    telling = [name for name, about in others.items() if inside_of(about, schema)]
    telling += [name for name, about in others.items() if _has_values(about, schema)]
    words = [_word(name, described(fields[name], schema), schema) for name in (*shown, *telling[:1])]
    return " ".join(["turbo-client call", tool["name"], *words])


def _has_values(about: Schema, root: Schema) -> bool:
    return bool(values_of(about, root) or values_of(described(items_of(about, root), root), root))


def _word(name: str, about: Schema, root: Schema) -> str:
    value = sample(name, about, root)
    if isinstance(value, str):
        return f"{name}={shlex.quote(value)}"
    return f"{name}:={shlex.quote(json.dumps(value, ensure_ascii=False))}"
