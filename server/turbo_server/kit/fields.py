"""Argument types shared by the tools: what they accept, how they repair it, and the words of their refusals."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from .dates import read_date, why_no_date
from .json_text import read_json

FIELD_LIMIT = 256 * 1024
MOST_WORDS = 100
LARGEST_ID = 2**53 - 1  # the largest whole number that every JSON reader keeps


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise PydanticCustomError("nul", "holds a NUL character, which cannot be stored: remove it")
    if len(value) * 4 > FIELD_LIMIT and len(value.encode()) > FIELD_LIMIT:
        raise PydanticCustomError("huge", "is over 256 KiB, the limit of one field: shorten or split it")
    return value


def _some_text(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("empty", "is empty: say something in it, or leave it out")
    return _text(value)


def _one_line(value: Any) -> Any:
    if isinstance(value, str) and len(value.splitlines()) > 1:
        raise PydanticCustomError("lines", "has more than one line: keep the first, and put the rest in a longer field")
    if isinstance(value, str) and len(value) > 300:
        raise PydanticCustomError("long", "is over 300 characters: shorten it, and put the rest in a longer field")
    return _some_text(value)


def _word(value: Any) -> Any:
    return value.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else value


def _whole_number(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "must be a whole number")
    return value


def _list(value: Any) -> Any:
    """A stringified array is read as one; a single word as a list of one."""
    words = _as_list(value)
    if isinstance(words, list) and len(words) > MOST_WORDS:
        raise PydanticCustomError("many", f"has {len(words)} entries of at most {MOST_WORDS}: shorten it")
    return words


def _as_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        try:
            return read_json(value)
        except ValueError as error:
            raise PydanticCustomError("list_type", "must be a list of texts") from error
    return [part.strip() for part in value.split(",")] if value.strip() else []


def _object(main: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        """A stringified object is read as one, any other text as its main field."""
        if not isinstance(value, str):
            return value
        if value.strip().startswith("{"):
            try:
                return read_json(value)
            except ValueError as error:
                raise PydanticCustomError("dict_type", "must be an object") from error
        return {main: value}

    return read


def _day(value: Any, info: ValidationInfo) -> Any:
    """`none` clears; a date is read against the caller's today, which the runner passes as validation context."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "none":
        return None
    found = read_date(value, (info.context or {})["today"])
    if found is None:
        raise PydanticCustomError("day", "{why}", {"why": why_no_date(value)})
    return found


Text = Annotated[str, BeforeValidator(_text)]
SomeText = Annotated[str, BeforeValidator(_some_text)]
Line = Annotated[str, BeforeValidator(_one_line)]
WholeOnly = BeforeValidator(_whole_number)  # stands after the Field with its bounds: before it, the schema loses them
Words = BeforeValidator(_list)
Word = BeforeValidator(_word)


def Meant(known: tuple[str, ...], **words: str) -> BeforeValidator:  # noqa: N802 - as Object
    """Stands after Word: what people say elsewhere is refused with the word that it is called here."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and value in words and value not in known:
            expected = f"{', '.join(known[:-1])} or {known[-1]}"
            raise PydanticCustomError(
                "meant", "must be {known} (did you mean {word}?)", {"known": expected, "word": words[value]}
            )
        return value

    return BeforeValidator(read)


def Object(main: str) -> BeforeValidator:  # noqa: N802 - stands among types, in Annotated
    """For a model argument; `main` is the field that a plain text is taken for."""
    return BeforeValidator(_object(main))


Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"type": "string"})]
# Not bounded: a number that no version has is as stale as one that is old.
SeenVersion = Annotated[int, Field(description="The one you read; refused if stale"), WholeOnly]
Limit = Annotated[int, Field(ge=1, le=100), WholeOnly]
Cursor = Annotated[str, Field()]  # its name says enough to whoever has seen next_cursor
