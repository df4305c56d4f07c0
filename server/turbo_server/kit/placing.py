"""Places in an order that holds: texts, compared byte by byte, with room for another between any two.

A place is a whole number and a fraction in base 62. The number's first letter tells how many digits it has, so that
placing at an end again and again grows like the logarithm; between two neighbours a fraction is halved.
"""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in the order of their bytes
_LOWEST, _HIGHEST = _DIGITS[0], _DIGITS[-1]
_FIRST = "a0"


def between(low: str | None, high: str | None) -> str:
    """A place above `low` and below `high`, both places made here; None is an open end."""
    if low is None:
        return _FIRST if high is None else _below(high)
    if high is None:
        return _above(low)
    number, fraction = _split(low)
    other, end = _split(high)
    if number == other:
        return number + _middle(fraction, end)
    following = _counted(number, up=True)
    return following if following is not None and following < high else number + _middle(fraction, None)


def _below(high: str) -> str:
    number, fraction = _split(high)
    if fraction:
        return number
    preceding = _counted(number, up=False)
    if preceding is None:
        raise ValueError("no place is left below")
    return preceding


def _above(low: str) -> str:
    number, fraction = _split(low)
    return _counted(number, up=True) or number + _middle(fraction, None)


def _split(place: str) -> tuple[str, str]:
    digits = ord(place[0]) - ord("a") + 1 if place[0] >= "a" else ord("Z") - ord(place[0]) + 1
    return place[: digits + 1], place[digits + 1 :]


def _counted(number: str, *, up: bool) -> str | None:
    """The whole number after or before; None at the last there is."""
    spent, fresh = (_HIGHEST, _LOWEST) if up else (_LOWEST, _HIGHEST)
    digits = list(number[1:])
    for at in reversed(range(len(digits))):
        if digits[at] != spent:
            digits[at] = _DIGITS[_DIGITS.index(digits[at]) + (1 if up else -1)]
            return number[0] + "".join(digits)
        digits[at] = fresh
    return _with_next_head(number[0], fresh, up=up)


def _with_next_head(head: str, fresh: str, *, up: bool) -> str | None:
    if head == ("z" if up else "A"):
        return None
    step = 1 if up else -1
    following = {("Z", 1): "a", ("a", -1): "Z"}.get((head, step)) or chr(ord(head) + step)
    digits = ord(following) - ord("a") + 1 if following >= "a" else ord("Z") - ord(following) + 1
    return following + fresh * digits


def _middle(low: str, high: str | None) -> str:
    """A fraction between two, none of which ends in the lowest digit; `low` may be empty, None is one."""
    if high is not None:
        same = 0
        while (low[same : same + 1] or _LOWEST) == high[same : same + 1]:
            same += 1
        if same:
            return high[:same] + _middle(low[same:], high[same:])
    first = _DIGITS.index(low[0]) if low else 0
    last = _DIGITS.index(high[0]) if high else len(_DIGITS)
    if last - first > 1:
        return _DIGITS[(first + last + 1) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return _DIGITS[first] + _middle(low[1:], None)
