"""Takes the hiding places out of text on its way to a model; what is stored stays byte for byte.

Removed: the tags block (outside flag emoji), bidi controls that reorder what a reader sees, soft and zero-width
characters except where they belong: the joiner inside an emoji or a script that needs it, the non-joiner between
letters of such scripts, the variation selector after a character that has such variants.
"""

import re

# All that Unicode lets a display ignore (Default_Ignorable_Code_Point), and the marks of interlinear notes.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Letters whose writing uses joiners: Arabic to Thaana, N'Ko, Indic scripts through Sinhala, Myanmar, Khmer, Mongolian.
_JOINING = re.compile("[\u0600-\u07ff\u0860-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,7}\U000e007f")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def visible(text: str) -> str:
    """The text without hidden characters. Safe on JSON: none of them has a meaning outside of strings."""
    if not _HIDDEN.search(text):
        return text
    flags = {index for match in _FLAG.finditer(text) for index in range(*match.span())}
    shown: list[str] = []
    end, before = 0, ""  # the last that is shown: what was taken out lends no sense to what follows it
    for match in _HIDDEN.finditer(text):
        index = match.start()
        if index > end:
            shown.append(text[end:index])
            before = text[index - 1]
        end = index + 1
        if index in flags or _belongs(match[0], before, text[end : end + 1]):
            shown.append(match[0])
            before = match[0]
    return "".join((*shown, text[end:]))


def _belongs(character: str, before: str, after: str) -> bool:
    if character in "\u200d\u200c" and _JOINING.match(before):
        return character == "\u200d" or bool(_JOINING.match(after))
    if character == "\u200d":
        return bool(_EMOJI.match(before) and _EMOJI.match(after))
    if "\ufe0e" <= character <= "\ufe0f":
        return before != "" and (before in "#*0123456789" or ord(before) > 0xA0) and not _HIDDEN.match(before)
    if "\ufe00" <= character <= "\ufe06":  # of symbols, and of letters of some scripts; the rest stand for nothing yet
        return before != "" and (before == "0" or ord(before) > 0x1000) and not _HIDDEN.match(before)
    if "\U000e0100" <= character <= "\U000e01ef":
        return bool(_IDEOGRAPH.match(before))
    return "\u180b" <= character <= "\u180d" and "\u1800" <= before <= "\u18af"
