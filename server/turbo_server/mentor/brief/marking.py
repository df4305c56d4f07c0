"""How a brief is written for a model: what people wrote stands inside JSON, and nothing in it can look like its end.

Instructions stand outside. Inside a text there are no characters that a reader does not see, and in the JSON no sign
that could begin or end a tag: < > and & are written as escapes, and so are line ends.
"""

from typing import Any

from pydantic_core import to_json

from turbo_server.kit.visible import visible

OPEN, CLOSE = "<brief>", "</brief>"
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085",
            "\x7f": "\\u007f"}  # fmt: skip
_ESCAPED = str.maketrans(_ESCAPES)


def cleaned(value: Any) -> Any:
    """The same, every text without hidden characters."""
    match value:
        case str():
            return value if value.isascii() else visible(value)
        case list() | tuple():
            return [cleaned(each) for each in value]
        case dict():
            return {cleaned(name): cleaned(each) for name, each in value.items()}
        case _:
            return value


def as_data(value: Any) -> str:
    """One line of JSON between the two tags; none of what it holds can end it."""
    text = to_json(cleaned(value)).decode().translate(_ESCAPED)
    return f"{OPEN}\n{text}\n{CLOSE}"
