"""How many tokens a text takes, without asking anybody: an estimate that is rather too high than too low."""

ASCII_A_TOKEN = 3.5  # characters: English text and JSON with keys lie between 3.6 and 4.4


def estimate(text: str) -> int:
    """ASCII by its length, of every other character one token."""
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return round(plain / ASCII_A_TOKEN + (len(text) - plain))
