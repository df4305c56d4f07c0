"""The simple endings of English words: what else a word that nothing has may stand there as."""

SHORTEST = 4  # letters of a word
SHORTEST_STEM = 3
_ENDINGS = ("", "s", "es", "ed", "ing", "e", "y", "ies", "ied")


def other_endings(word: str) -> tuple[str, ...]:
    """expires, expired and expiry for expire; stop and stops for stopped. A form that is no word finds nothing."""
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return ()
    stems = {word[: len(word) - len(ending)] for ending in _ENDINGS if word.endswith(ending)}
    stems |= {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    forms = {stem + ending for stem in stems if len(stem) >= SHORTEST_STEM for ending in _ENDINGS}
    forms |= {word + word[-1] + ending for ending in ("ed", "ing")}
    return tuple(sorted(forms - {word}))
