"""Reads a Dockerfile as far as the hosting tests ask about it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Instruction:
    """`stage`: which FROM it stands under, counted from 0."""

    stage: int
    name: str
    value: str


def instructions(text: str) -> list[Instruction]:
    """Comments dropped, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[Instruction] = []
    stage = -1
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, _, value = line.strip().partition(" ")
        if name:
            stage += name == "FROM"
            found.append(Instruction(stage, name, value.strip()))
    return found


def of_the_image(text: str) -> dict[str, list[str]]:
    """The values of the last stage by instruction: what is left when the build's own stages are gone."""
    everything = instructions(text)
    image: dict[str, list[str]] = {}
    for instruction in everything:
        if instruction.stage == everything[-1].stage:
            image.setdefault(instruction.name, []).append(instruction.value)
    return image
