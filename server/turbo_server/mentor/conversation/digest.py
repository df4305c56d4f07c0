"""A long conversation made short, without a model: each turn's question, the first sentences of its answer, every key.

Keys are never cut: they are what leads back to the whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from turbo_server.kit.text import clip
from turbo_server.mentor.keys import keys_in

_SENTENCE = re.compile(r".+?(?:[.!?。！？](?=\s|$)|$)", re.DOTALL)
# From much to little, as (characters of a question, sentences of an answer, their characters): the first that fits.
_STEPS = ((300, 3, 400), (200, 2, 250), (120, 1, 160), (80, 1, 80), (60, 0, 0), (24, 0, 0))


def digest(turns: Sequence[Mapping[str, Any]], room: int) -> str:
    """Of rows with number, question and answer. At most `room` characters, unless the keys alone take more."""
    for question, sentences, answer in _STEPS:
        text = "\n".join(_line(turn, question, sentences, answer) for turn in turns)
        if len(text) <= room:
            return text
    return _keys_alone(turns, room)


def _line(turn: Mapping[str, Any], question: int, sentences: int, answer: int) -> str:
    asked = clip(" ".join(turn["question"].split()), question)
    said = clip(" ".join(_first(turn["answer"] or "", sentences)), answer) if answer else ""
    shown = f"{turn['number']}. {asked}{f' - {said}' if said else ''}"
    left = [key for key in keys_in(turn["question"], turn["answer"]) if key not in keys_in(shown)]
    return f"{shown} [{', '.join(left)}]" if left else shown


def _first(text: str, count: int) -> Iterator[str]:
    for index, match in enumerate(_SENTENCE.finditer(" ".join(text.split()))):
        if index == count:
            return
        yield match[0].strip()


def _keys_alone(turns: Sequence[Mapping[str, Any]], room: int) -> str:
    """The first and the last questions, as many as there is room for, and between them the keys of the others."""
    keys = keys_in(*(text for turn in turns for text in (turn["question"], turn["answer"])))
    head = f"{len(turns)} turns about {', '.join(keys)}" if keys else f"{len(turns)} turns"
    kept: list[str] = []
    left = room - len(head) - 1
    for turn in reversed(turns):
        line = f"{turn['number']}. {clip(' '.join(turn['question'].split()), 60)}"
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([head, *reversed(kept)])
