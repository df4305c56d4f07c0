"""What was looked at, and what to do where it is wrong. The same form as turbo-client's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` is None for what could not be found out or is only worth knowing. No text holds a secret."""

    name: str
    ok: bool | None
    detail: str
    remedy: str | None = None


def fine(name: str, detail: str) -> Check:
    return Check(name, ok=True, detail=detail)


def wrong(name: str, detail: str, remedy: str) -> Check:
    return Check(name, ok=False, detail=detail, remedy=remedy)


def unsure(name: str, detail: str, remedy: str | None = None) -> Check:
    """Not to be found out, or only worth knowing."""
    return Check(name, ok=None, detail=detail, remedy=remedy)
