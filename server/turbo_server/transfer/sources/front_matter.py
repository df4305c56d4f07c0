"""The part of YAML that Backlog.md writes above its files: scalars, quoted or not, folded texts, and lists of scalars.

A parser of our own: the whole of YAML would be a dependency of every server for the sake of one importer, and would
turn 08 into a number and 2026-03-02 into a date behind our back. What it does not know it refuses, with the line.
"""

import re

from turbo_server.transfer.errors import BadFile

Value = str | list[str]
_OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_WHOLE = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?$")
_BLOCK = re.compile(r"([|>])([+-]?)$")
_ITEM = re.compile(r"\s*-(?:[ \t]+(.*))?$")
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(#.*)?$""", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "r": "\r", "0": "", "e": "\x1b"}


def split(text: str, name: str) -> tuple[dict[str, Value], str]:
    """The entries above, and the text below them as it is. A text without a front matter has none. Raises BadFile."""
    if not _OPENING.match(text):
        return {}, text
    whole = _WHOLE.match(text)
    if whole is None:
        raise BadFile(f"{name}, line 1", "its front matter has no end", "A line with --- closes it.")
    return _Parser(whole[1].replace("\r\n", "\n").split("\n"), name).entries(), text[whole.end() :]


class _Parser:
    def __init__(self, lines: list[str], name: str) -> None:
        self._lines, self._name, self._next = lines, name, 0

    def entries(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._next < len(self._lines):
            line = self._take()
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            entry = _ENTRY.match(line)
            if entry is None:
                raise self._wrong("this is no `name: value`")
            found[entry[1]] = self._value((entry[2] or "").strip())
        return found

    def _value(self, given: str) -> Value:
        if not given or given.startswith("#"):
            return self._items()
        if block := _BLOCK.match(given):
            return self._block(folds=block[1] == ">")
        if given.startswith("["):
            return self._flow_list(given)
        return self._scalar(given)

    def _items(self) -> Value:
        items: list[str] = []
        while self._next < len(self._lines) and (item := _ITEM.match(self._lines[self._next])):
            self._next += 1
            given = (item[1] or "").strip()
            items.append(self._block(folds=given[0] == ">") if _BLOCK.match(given) else self._scalar(given))
        return items or ""

    def _block(self, *, folds: bool) -> str:
        """The indented lines that follow."""
        taken: list[str] = []
        while self._next < len(self._lines) and (not (line := self._lines[self._next]).strip() or line[0] in " \t"):
            taken.append(self._take())
        width = min((len(line) - len(line.lstrip()) for line in taken if line.strip()), default=0)
        texts = [line[width:].rstrip() for line in taken]
        if not folds:
            return "\n".join(texts).strip("\n")
        return "\n".join(" ".join(part.split("\n")) for part in "\n".join(texts).strip("\n").split("\n\n"))

    def _flow_list(self, given: str) -> list[str]:
        while not re.search(r"\]\s*(#.*)?$", given) and self._next < len(self._lines):
            given = f"{given} {self._take().strip()}"
        inside = re.sub(r"\s+#[^\]]*$", "", given).strip()
        if not inside.endswith("]"):
            raise self._wrong("a list has no end")
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|[^,\s][^,]*', inside[1:-1])
        return [self._scalar(part.strip()) for part in parts]

    def _scalar(self, given: str) -> str:
        while given[:1] in ("'", '"') and not _QUOTED.match(given) and self._next < len(self._lines):
            given = f"{given} {self._take().strip()}"
        if given.startswith('"'):
            return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), self._inside(given))
        if given.startswith("'"):
            return self._inside(given).replace("''", "'")
        plain = re.sub(r"\s+#.*$", "", given)
        while self._next < len(self._lines) and self._lines[self._next][:1] in (" ", "\t"):
            if _ITEM.match(self._lines[self._next]):
                break
            plain = f"{plain} {self._take().strip()}"
        return "" if plain in ("null", "~") else plain

    def _inside(self, given: str) -> str:
        quoted = _QUOTED.match(given)
        if quoted is None:
            raise self._wrong("a quoted text has no end")
        return quoted[1][1:-1]

    def _take(self) -> str:
        self._next += 1
        return self._lines[self._next - 1]

    def _wrong(self, what: str) -> BadFile:
        return BadFile(f"{self._name}, line {self._next + 1}", what, "Only the YAML that Backlog.md writes is read.")
