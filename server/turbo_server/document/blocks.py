"""What a line of markdown is, as far as headings need to know: the starts and ends of CommonMark's blocks.

Everything here takes time in proportion to the line's length: documents come from anywhere.
"""

import re

MARKS = frozenset("#=-`~<*_+>0123456789")  # what a line begins with that is more than text
BLANKS = frozenset(" \t")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
MARKER = re.compile(r"([-+*]|([0-9]{1,9})[.)])(?=[ \t]|$)")
DEFINITION = re.compile(r"\[[^\]]+\]:[ \t]*\S")
FRONT_MATTER = re.compile(r"[\w.-]+[ \t]*:")
CLOSED_RAW = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
BLANK = re.compile(r"^\s*$")
# The starts of an HTML block, each with what ends it; the seventh is ONE_TAG.
HTML_BLOCKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE), CLOSED_RAW),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (
        re.compile(
            r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog"
            r"|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe"
            r"|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary"
            r"|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s>]|/>|$)",
            re.IGNORECASE,
        ),
        BLANK,
    ),
)  # fmt: skip
ONE_TAG = re.compile(
    r"(?:</[A-Za-z][A-Za-z0-9-]*+\s*+>"
    r"|<[A-Za-z][A-Za-z0-9-]*+(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?)*+\s*+/?>)"
    r"\s*+$"
)


def indentation(line: str) -> tuple[int, str]:
    """(columns, the rest): a tab goes to the next of every fourth column."""
    if line[:1] not in BLANKS:
        return 0, line
    columns = 0
    for index, character in enumerate(line):
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += 4 - columns % 4
        else:
            return columns, line[index:]
    return columns, ""


def atx_heading(rest: str) -> tuple[int, str] | None:
    """(level, title) of `## Title ##`."""
    level = len(rest) - len(rest.lstrip("#"))
    after = rest[level:]
    if not 1 <= level <= 6 or (after and after[0] not in " \t"):
        return None
    title = after.strip(" \t")
    shorter = title.rstrip("#")
    return level, shorter.rstrip(" \t") if not shorter or shorter[-1] in " \t" else title


def underline_level(rest: str) -> int | None:
    """1 for `===`, 2 for `---`: what makes a heading of the paragraph above."""
    bare = rest.rstrip(" \t")
    if not bare.strip("="):
        return 1
    return None if bare.strip("-") else 2


def is_rule(rest: str) -> bool:
    """A line of three or more `*`, `-` or `_`."""
    marks = rest.replace(" ", "").replace("\t", "")
    return len(marks) >= 3 and not marks.strip(marks[0]) and marks[0] in "*-_"


def fence_of(rest: str) -> tuple[str, int] | None:
    """(character, length) of a line that opens a block of code."""
    mark = rest[0]
    if mark not in "`~":
        return None
    length = len(rest) - len(rest.lstrip(mark))
    opens = length >= 3 and (mark == "~" or "`" not in rest[length:])
    return (mark, length) if opens else None


def closes_fence(fence: tuple[str, int], indent: int, rest: str) -> bool:
    mark, length = fence
    bare = rest.rstrip(" \t")
    return indent < 4 and len(bare) >= length and not bare.strip(mark)


def content_column(indent: int, rest: str, marker: re.Match[str]) -> int:
    """The column at which the text of a list's entry begins: what stands that far in belongs to it."""
    after = rest[marker.end() :]
    column = indent + marker.end()
    if not after.strip(" \t"):
        return column + 1
    width = _width(column, after)
    return column + (width if width <= 4 else 1)


def _width(column: int, text: str) -> int:
    """Columns of the blanks before the text that begins at a column."""
    at = column
    for character in text:
        if character not in " \t":
            break
        at += 4 - at % 4 if character == "\t" else 1
    return at - column
