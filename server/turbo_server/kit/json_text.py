"""The one way JSON from outside is read: UTF-8, no NaN, and not nested deeper than anybody needs."""

from typing import Any

from pydantic_core import from_json

DEPTH = 32


class TooDeep(ValueError):
    pass


def read_json(text: bytes | str) -> Any:
    """Raises ValueError, and TooDeep."""
    try:
        value = from_json(text, allow_inf_nan=False)
    except RecursionError:
        raise TooDeep from None
    except ValueError as error:
        # the parser's own limit, far above ours
        raise (TooDeep if "recursion limit" in str(error) else ValueError) from None
    if _may_be_deep(text) and _is_deeper(value, DEPTH):
        raise TooDeep
    return value


def _may_be_deep(text: bytes | str) -> bool:
    """Without looking at the values: most calls hold a few brackets."""
    if isinstance(text, bytes):
        return text.count(b"[") + text.count(b"{") > DEPTH
    return text.count("[") + text.count("{") > DEPTH


def _is_deeper(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        return not levels or any(_is_deeper(part, levels - 1) for part in value.values())
    if isinstance(value, list):
        return not levels or any(_is_deeper(part, levels - 1) for part in value)
    return False
