"""A measured figure and the bar it is held to."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bar:
    """What must hold: the figure itself, or its ratio to the reference, on the right side of a limit."""

    subject: Literal["ours", "ratio"]
    sense: Literal["at most", "at least", "below", "above"]
    limit: float

    def holds(self, value: float) -> bool:
        match self.sense:
            case "at most":
                return value <= self.limit
            case "at least":
                return value >= self.limit
            case "below":
                return value < self.limit
            case "above":
                return value > self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is the median of the rounds' own ratios, not the ratio of the medians. No bar: told, not judged."""

    name: str
    unit: str
    ours: float
    reference: float | None = None
    against: str = ""
    ratio: float | None = None
    bar: Bar | None = None

    @property
    def is_over(self) -> bool:
        if self.bar is None:
            return False
        value = self.ours if self.bar.subject == "ours" else self.ratio
        if value is None:
            raise ValueError(f"{self.name}: its bar is on a ratio, and there is none")
        return not self.bar.holds(value)


def at_most(limit: float) -> Bar:
    return Bar("ratio", "at most", limit)


def at_least(limit: float) -> Bar:
    return Bar("ratio", "at least", limit)


def below(limit: float) -> Bar:
    return Bar("ours", "below", limit)


def ratio_below(limit: float) -> Bar:
    return Bar("ratio", "below", limit)
