"""Who is called in a comment: each mentor that it names is asked for an answer, in the comment's own transaction."""

import re

from turbo_server.kit.context import Context
from turbo_server.kit.errors import NotFound
from turbo_server.kit.kind import Found

MOST = 3  # of one comment
# Not an address of mail or of the web, and not one that is taken back by a backslash.
_MENTION = re.compile(r"(?<![\w@/\\.+&-])@([A-Za-z][A-Za-z0-9-]{1,30})(?![\w@-]|\.\w)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTE = re.compile(r" {0,3}>")
_INDENTED = re.compile(r" {4}|\t")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def mentioned(text: str) -> list[str]:
    """The names that stand in what the author says himself: neither in code nor in what he quotes."""
    spoken = _SPAN.sub(" ` ", "\n".join(_spoken_lines(text)))
    return list(dict.fromkeys(match[1].lower() for match in _MENTION.finditer(spoken)))[:MOST]


def _spoken_lines(text: str) -> list[str]:
    lines: list[str] = []
    fence, after_blank = "", True
    for line in text.splitlines():
        opening = _FENCE.match(line)
        if fence:
            is_closing = opening is not None and opening[1].startswith(fence) and not line[opening.end() :].strip()
            fence = "" if is_closing else fence
            continue
        if opening:
            fence, after_blank = opening[1], True
            continue
        is_code = after_blank and _INDENTED.match(line)
        after_blank = bool(is_code) or not line.strip()
        if not is_code and not _QUOTE.match(line):
            lines.append(line)
    return lines


async def call_mentors(context: Context, found: Found, comment_id: int, text: str) -> list[str]:
    """The mentors that are named. Where the server answers by itself, each will."""
    if "@" not in text:
        return []
    called = [name for name in mentioned(text) if await _is_mentor(context, name)]
    if called and context.traits.mentors_answer:
        from turbo_server.mentor.answering.mention import ask_in_comment  # here: mentors read comments

        for name in called:
            await ask_in_comment(context, found, comment_id, name, text)
    return called


def what_comes(context: Context, mentors: list[str]) -> str | None:
    """For the receipt."""
    if not mentors:
        return None
    named = " and ".join(f"@{name}" for name in mentors)
    if context.traits.mentors_answer:
        return f"{named} will answer in a comment here"
    return f"{named} does not answer by itself, as this server has no ANTHROPIC_API_KEY: use ask_mentor"


async def _is_mentor(context: Context, name: str) -> bool:
    try:
        return not (await context.kinds["mentor"].find(context, f"@{name}")).is_archived
    except NotFound:
        return False
