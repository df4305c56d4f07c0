"""The unified difference of two texts, exact to the byte: `patch` makes the second of the first with it.

Our own, because difflib may take minutes on texts that are within the limit. Here the search gives up after a bounded
number of steps; what it has not compared by then is shown as replaced as a whole.
"""

from collections.abc import Iterator

CONTEXT = 3
MOST_STEPS = 600_000
MOST_EDITS = 1_000
# (begin, end) in the first text and in the second: these lines are replaced by those.
Edit = tuple[int, int, int, int]


def unified(old: str, new: str, names: tuple[str, str]) -> list[str]:
    """Its lines, without line ends; empty for equal texts."""
    first, second = _lines(old), _lines(new)
    groups = list(_grouped(_edits(first, second)))
    if not groups:
        return []
    shown = [f"--- {names[0]}", f"+++ {names[1]}"]
    for group in groups:
        shown += _hunk(group, first, second)
    return shown


def _lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])


def _edits(first: list[str], second: list[str]) -> list[Edit]:
    begin = 0
    shortest = min(len(first), len(second))
    while begin < shortest and first[begin] == second[begin]:
        begin += 1
    end = 0
    while end < shortest - begin and first[-1 - end] == second[-1 - end]:
        end += 1
    a, b = first[begin : len(first) - end], second[begin : len(second) - end]
    if not a and not b:
        return []
    path = None if set(a).isdisjoint(b) else _path(a, b)
    edits = _from_path(path) if path is not None else [(0, len(a), 0, len(b))]
    return [(i1 + begin, i2 + begin, j1 + begin, j2 + begin) for i1, i2, j1, j2 in edits]


def _path(a: list[str], b: list[str]) -> list[tuple[int, int, int, int]] | None:
    """Myers' shortest edit script as single steps, last first; None where it would take too long."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    steps = 0
    for edits in range(min(len(a) + len(b), MOST_EDITS) + 1):
        trace.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
            )
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            from_x = x
            while x < len(a) and 0 <= x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            steps += 1 + x - from_x
            furthest[diagonal] = x
            if x >= len(a) and x - diagonal >= len(b):
                return _walked_back(trace, len(a), len(b))
            if steps > MOST_STEPS:
                return None
    return None


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int, int]]:
    steps = []
    for edits in range(len(trace) - 1, 0, -1):
        furthest, diagonal = trace[edits], x - y
        down = diagonal == -edits or (
            diagonal != edits and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if down else diagonal - 1
        x = furthest[before]
        y = x - before
        steps.append((x, x, y, y + 1) if down else (x, x + 1, y, y))
    return steps


def _from_path(steps: list[tuple[int, int, int, int]]) -> list[Edit]:
    """Steps that touch each other as one edit, in order."""
    edits: list[Edit] = []
    for i1, i2, j1, j2 in reversed(steps):
        if edits and edits[-1][1] == i1 and edits[-1][3] == j1:
            edits[-1] = (edits[-1][0], i2, edits[-1][2], j2)
        else:
            edits.append((i1, i2, j1, j2))
    return edits


def _grouped(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Edits whose lines of context would meet stand in one hunk."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _hunk(group: list[Edit], first: list[str], second: list[str]) -> list[str]:
    before = min(CONTEXT, group[0][0])
    after = min(CONTEXT, len(first) - group[-1][1])
    old = (group[0][0] - before, group[-1][1] + after)
    new = (group[0][2] - before, group[-1][3] + after)
    shown = [f"@@ -{_range(*old)} +{_range(*new)} @@"]
    at = old[0]
    for i1, i2, j1, j2 in group:
        shown += [*_marked(" ", first[at:i1]), *_marked("-", first[i1:i2]), *_marked("+", second[j1:j2])]
        at = i2
    return [*shown, *_marked(" ", first[at : old[1]])]


def _range(begin: int, end: int) -> str:
    count = end - begin
    return f"{begin + 1}" if count == 1 else f"{begin + 1 if count else begin},{count}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"
