"""Cutting text to what an answer has room for."""

import json


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, at most `limit` characters in all."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clip_bytes(text: str, limit: int) -> str:
    """As clip, but counted in the bytes that the text takes inside JSON, escapes included."""
    is_plain = text.isprintable() and '"' not in text and "\\" not in text  # JSON writes it as it is
    if is_plain and (len(text) if text.isascii() else len(text.encode())) <= limit:
        return text
    if _json_bytes(text) <= limit:
        return text
    shown = text[: limit - 3]
    while _json_bytes(shown) > limit - 3:
        shown = shown[: min(len(shown) - 1, len(shown) * (limit - 3) // _json_bytes(shown) + 1)]
    return shown + "…"


def _json_bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2
