"""Reads a call's body, and that into the tool's arguments model, and words what does not fit."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import InvalidArguments, SecretInText, closest
from .json_text import DEPTH, TooDeep, read_json
from .schema import Arguments
from .text import clip
from .token import holds_key
from .tool import Effect, Tool

SHOWN_ERRORS = 4


def read_object(tool: Tool, body: bytes) -> dict[str, Any]:
    """The arguments as they were given. Raises InvalidArguments."""
    if not body.strip():
        return {}
    try:
        given = read_json(body)
    except TooDeep:
        raise InvalidArguments(f"{tool.name}: the body is nested deeper than {DEPTH} levels.", _usage(tool)) from None
    except ValueError:
        raise InvalidArguments(f"{tool.name}: the body is not valid JSON in UTF-8.", _usage(tool)) from None
    if not isinstance(given, dict):
        raise InvalidArguments(f"{tool.name}: the body must be a JSON object of arguments.", _usage(tool))
    return given


def read_arguments(tool: Tool, given: dict[str, Any], today: date) -> Any:
    """Raises InvalidArguments with one sentence per wrong argument."""
    if tool.effect is not Effect.READ and not tool.takes_secret and any(map(holds_key, _texts(given))):
        raise SecretInText(tool.name)
    _refuse_files(tool, given)
    try:
        return tool.arguments.model_validate(given, context={"today": today})
    except ValidationError as error:
        wrong = words_of(error, tool.arguments)[:SHOWN_ERRORS]
        raise InvalidArguments(f"{tool.name}: {'; '.join(wrong)}.", _usage(tool)) from None


def words_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """A sentence for each thing that does not fit, without its full stop."""
    return list(dict.fromkeys(_word(model, detail) for detail in error.errors(include_url=False)))


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _refuse_files(tool: Tool, given: dict[str, Any]) -> None:
    """A path means something on the caller's machine only."""
    for name, content in tool.files.items():
        if given.get(name) is not None:
            raise InvalidArguments(
                f"{tool.name}: `{name}` is read by turbo-client where it runs, and this call did not come through one "
                "that can.",
                f"Send the file's content as {content}, without {name}; or update turbo-client.",
            )


def _usage(tool: Tool) -> str:
    schema = tool.input_schema  # knows the names as callers write them: one may be a word of Python's, such as from
    required = schema["required"]
    optional = [name for name in schema["properties"] if name not in required]
    parts = (("Required", required), ("Optional", optional))
    return " ".join(f"{label}: {', '.join(names)}." for label, names in parts if names) or "It takes no arguments."


PLAIN = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list of texts",
    "model_type": "must be an object",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_long": "may hold at most {max_length} entries",
    "string_too_long": "may have at most {max_length} characters",
}


def _word(model: type[BaseModel], detail: ErrorDetails) -> str:
    name = _place(detail["loc"])
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            suggestion = closest(str(detail["loc"][-1]), _fields_at(model, detail["loc"][:-1]))
            return f"{name} is not one of its arguments{_aside(suggestion)}"
        case "literal_error":
            words = context["expected"].replace("'", "")
            suggestion = _nearest(detail["input"], words)
            return f"{name} must be {words}{_aside(suggestion)}"
        case kind if kind in PLAIN:
            return f"{name} {PLAIN[kind].format(**context)}"
        case _:
            return f"{name} {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _place(path: tuple[int | str, ...]) -> str:
    """`due`; `criteria` number 2; `title` of `options` number 2."""
    names = list(path)
    number = names.pop() if names and isinstance(names[-1], int) else 0
    numbered = next((place for place in range(len(names), 0, -1) if isinstance(names[place - 1], int)), 0)
    inner, outer = names[numbered:], names[:numbered]
    words = f"`{clip('.'.join(map(str, inner)), 60)}`" + (f" number {int(number) + 1}" if number else "")
    if not outer:
        return words
    of = ".".join(str(step) for step in outer[:-1])
    return f"{words} of `{clip(of, 60)}` number {int(outer[-1]) + 1}"


def _fields_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The names of the fields where a path of names leads to an object inside of the arguments."""
    for step in path:
        if isinstance(step, str):  # a number is a place in a list
            field = model.model_fields.get(step)
            model = next(_models_in(field.annotation if field else None), Arguments)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _nearest(given: object, expected: str) -> str:
    words = expected.replace(" or ", ", ").split(", ")
    return closest(given, words) if isinstance(given, str) else ""


def _aside(suggestion: str) -> str:
    return f" ({suggestion[0].lower()}{suggestion[1:]})" if suggestion else ""
