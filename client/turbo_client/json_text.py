"""JSON text, read and written by the interpreter's own accelerator: serve answers before `json` has been imported.

`json` imports re, enum and collections, which takes longer than everything else up to that answer. Its accelerator does
without them. A test holds what is here to `json` itself.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHITESPACE = " \t\n\r"


def parse(text: str) -> Any:
    """Raises ValueError, also for NaN and Infinity, which are no JSON; RecursionError for what is nested too deeply."""
    if _scan is None:
        import json

        return json.loads(text, parse_constant=_no_json)
    text = text.strip(_WHITESPACE)
    try:
        value, end = _scan(text, 0)
    except (StopIteration, SystemError):
        # The latter is Python 3.11's: its scanner fails without an exception where json.decoder, the error's home, was
        # never imported.
        raise ValueError("no value where one has to be") from None
    if end != len(text):
        raise ValueError("something follows the value")
    return value


def parse_file(data: bytes) -> Any:
    """Like parse, for what a person may have edited: also in UTF-16 or with a byte order mark, which editors leave."""
    if data[:4].isascii() and 0 not in data[:4]:
        return parse(data.decode("utf-8", "surrogatepass"))
    import json

    return json.loads(data, parse_constant=_no_json)


def dump(value: Any, *, allow_nan: bool = True) -> str:
    """Compact and in ASCII: lone surrogates, which no UTF-8 can carry, survive as escapes."""
    if _scan is None:
        import json

        return json.dumps(value, separators=(",", ":"), allow_nan=allow_nan)
    return "".join(_encoder(allow_nan=allow_nan)(value, 0))


def _encoder(*, allow_nan: bool) -> make_encoder:
    """A new one each time, as `json` does it: an encoder that failed keeps in `markers` what it was at."""
    return make_encoder(
        markers={},
        default=_no_value,
        encoder=encode_basestring_ascii,
        indent=None,
        key_separator=":",
        item_separator=",",
        sort_keys=False,
        skipkeys=False,
        allow_nan=allow_nan,
    )


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _no_value(value: object) -> None:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class _Rules:
    """What a scanner asks its decoder for, as json.JSONDecoder has it."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None  # asked for from Python 3.15 on
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_no_json)


_scan: make_scanner | None
try:
    from _json import encode_basestring_ascii, make_encoder, make_scanner

    _scan = make_scanner(_Rules)  # type: ignore[arg-type] # it takes whatever has these attributes
    _encoder(allow_nan=True)
except (ImportError, AttributeError, TypeError):  # private to CPython: another Python has none, or a different one
    _scan = None
