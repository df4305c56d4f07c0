"""What a million tokens cost: the one place where prices stand. Money is whole millionths of a dollar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from turbo_server.mentor_settings import MentorSettings

AS_OF = date(2026, 11, 24)  # https://platform.claude.com/docs/en/about-claude/pricing
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """`read` and `written` are of the prompt cache; `input` is what went past it."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cache_write + other.cache_write,
            self.cache_read + other.cache_read,
        )

    @property
    def prompt(self) -> int:
        return self.input + self.cache_write + self.cache_read


@dataclass(frozen=True, slots=True)
class Price:
    """Millionths of a dollar for a million tokens: of input, output, the cache written for five minutes, and read.

    `long` is the price of a whole request with a prompt of more than `threshold` tokens.
    """

    input: int
    output: int
    cache_write: int
    cache_read: int
    threshold: int = 0
    long: "Price | None" = None

    def of(self, tokens: Tokens) -> int:
        """Rounded up: a part of a millionth is spent too."""
        if self.long is not None and tokens.prompt > self.threshold:
            return self.long.of(tokens)
        exact = (
            tokens.input * self.input
            + tokens.output * self.output
            + tokens.cache_write * self.cache_write
            + tokens.cache_read * self.cache_read
        )
        return -(-exact // MILLION)

    def at_most(self, prompt: int, output: int) -> int:
        """Of a request whose prompt has no more tokens than that, whatever of it is cached."""
        worst = Tokens(output=output, cache_write=prompt)
        plain = Price(self.input, self.output, max(self.input, self.cache_write), self.cache_read).of(worst)
        return max(plain, self.long.at_most(prompt, output)) if self.long and prompt > self.threshold else plain


def _price(dollars_in: str, dollars_out: str, dollars_read: str) -> Price:
    given, answered, read = (round(float(each) * MILLION) for each in (dollars_in, dollars_out, dollars_read))
    return Price(given, answered, given * 5 // 4, read)


_OPUS_5 = _price("5", "25", "0.50")
_SONNET_4 = _price("3", "15", "0.30")
_HAIKU_5_5 = _price("0.10", "0.50", "0.01")
PRICES: Mapping[str, Price] = {
    "claude-fable-5-1": _price("10", "50", "0.25"),
    "claude-fable-5": _price("10", "50", "1"),
    "claude-opus-5-5": _price("4", "20", "0.20"),
    **dict.fromkeys(
        ("claude-opus-5", "claude-opus-4-8", "claude-opus-4-7", "claude-opus-4-6", "claude-opus-4-5"), _OPUS_5
    ),
    "claude-sonnet-5-5": _price("2", "10", "0.10"),
    "claude-sonnet-5": _price("2", "10", "0.20"),
    **dict.fromkeys(("claude-sonnet-4-6", "claude-sonnet-4-5"), _SONNET_4),
    "claude-haiku-5-5": Price(
        _HAIKU_5_5.input, _HAIKU_5_5.output, _HAIKU_5_5.cache_write, _HAIKU_5_5.cache_read,
        threshold=100_000, long=_price("0.50", "2.50", "0.05"),
    ),
    "claude-haiku-4-5": _price("1", "5", "0.10"),
}  # fmt: skip


def price_of(model: str, settings: MentorSettings) -> Price | None:
    """Also of a dated name (claude-haiku-4-5-20251001). Of one that is not listed, what TURBO_MENTOR_PRICES says."""
    name, _, day = model.rpartition("-")
    listed = PRICES.get(model) or (PRICES.get(name) if day.isdigit() and len(day) == 8 else None)
    if listed is not None or settings.prices is None:
        return listed
    given, answered = settings.prices
    return Price(given, answered, given * 5 // 4, given)


def dollars(micros: int) -> str:
    """$0.04, and what is below a cent to its last digit that counts."""
    return f"${micros / MILLION:.2f}" if micros >= 10_000 or micros == 0 else f"${micros / MILLION:.6f}".rstrip("0")
