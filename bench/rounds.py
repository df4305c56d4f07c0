"""Interleaved rounds: what is compared runs in turn, so that a busy machine slows both sides of a ratio alike."""

import statistics
from collections.abc import Callable, Iterable, Sequence

median = statistics.median


def interleaved(rounds: int, contenders: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """One value per contender and round; every other round backwards, so that nobody always comes first."""
    values: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in order:
            values[name].append(contenders[name]())
    return values


def paired_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return median(top / bottom for top, bottom in zip(numerators, denominators, strict=True))


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile; `share` 0.5 is the p50."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
