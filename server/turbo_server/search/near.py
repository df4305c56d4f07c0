"""Words that are one or two slips away: what a mistyped word may have meant.

A word is stored under what is left of its beginning when one or two letters are taken out; a slip leaves one of these
in common. So the nearest words are found by equality, on an index, in any database.
"""

from itertools import combinations

SHORTEST = 4  # letters; below it nearly everything is near
LONG = 8  # letters from which two slips are allowed
BEGINNING = 7


def is_correctable(word: str) -> bool:
    """Letters only: a number, a version or an identifier with digits is either right or not."""
    return SHORTEST <= len(word) <= 40 and word.isalpha()


def slips(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def traces(word: str) -> list[str]:
    """What to store or look a word up under; its own beginning comes first."""
    start = word[:BEGINNING]
    left = {
        "".join(letter for index, letter in enumerate(start) if index not in gone)
        for count in range(1, slips(word) + 1)
        for gone in combinations(range(len(start)), count)
    }
    return [start, *sorted(left - {start})]


def nearest(word: str, known: list[str]) -> list[str]:
    """Those within reach and equally near, at most three: people seldom mistype the first letter."""
    reach = slips(word)
    judged = sorted(
        (distance(word, each), each[0] != word[0], abs(len(each) - len(word)), each) for each in set(known) - {word}
    )
    return [each for away, *_, each in judged if away <= reach and away == judged[0][0]][:3]


def distance(one: str, other: str) -> int:
    """Letters to insert, drop, replace or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        last, before = before, row
        row = [index]
        for place, match in enumerate(other, 1):
            best = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != match))
            if index > 1 and place > 1 and letter == other[place - 2] and one[index - 2] == match:
                best = min(best, last[place - 2] + 1)
            row.append(best)
    return row[-1]
