"""What the environment says of the mentors: whether this server answers itself, by which model, and for how much."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

MODEL = "claude-sonnet-5-5"
PERSON_BUDGET, WORKSPACE_BUDGET = "5", "25"
ADDRESS = "https://api.anthropic.com"
LARGEST_BUDGET = 10_000
MICROS = 1_000_000
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_MODEL = re.compile(r"[\w.:@/-]{1,100}")


@dataclass(frozen=True)
class MentorSettings:
    """Money in millionths of a dollar. `prices` are of a million tokens read and written, of a model whose price is not
    known. The times are seconds, and not the environment's to set."""

    api_key: str | None = field(default=None, repr=False)
    base_url: str = ADDRESS
    model: str = MODEL
    prices: tuple[int, int] | None = None
    person_budget: int = int(PERSON_BUDGET) * MICROS
    workspace_budget: int = int(WORKSPACE_BUDGET) * MICROS
    wait: float = 8.0  # of a call for its answer
    look_again: float = 1.0  # whether another machine has it
    connect: float = 5.0
    silence: float = 60.0  # of a stream: pings come more often
    one_reply: float = 300.0
    tell_every: float = 1.0  # how often the words so far are stored, at most

    @property
    def answers_itself(self) -> bool:
        return self.api_key is not None

    @property
    def is_loopback(self) -> bool:
        return _is_loopback(self.base_url)


def read_mentor_settings(given: Mapping[str, str]) -> MentorSettings:
    """Raises ValueError, which names the setting."""
    return MentorSettings(
        api_key=_key(given.get("ANTHROPIC_API_KEY")),
        base_url=_address(given.get("ANTHROPIC_BASE_URL", ADDRESS)),
        model=_model(given.get("TURBO_MENTOR_MODEL", MODEL)),
        prices=_prices(given.get("TURBO_MENTOR_PRICES")),
        person_budget=_dollars("TURBO_MENTOR_DAILY_BUDGET", given.get("TURBO_MENTOR_DAILY_BUDGET", PERSON_BUDGET)),
        workspace_budget=_dollars(
            "TURBO_MENTOR_WORKSPACE_BUDGET", given.get("TURBO_MENTOR_WORKSPACE_BUDGET", WORKSPACE_BUDGET)
        ),
    )


def _key(text: str | None) -> str | None:
    if text is None or text.startswith("${"):  # a variable that nobody expanded
        return None
    if len(text) < 16 or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("ANTHROPIC_API_KEY is not a key of Anthropic's API. Set the one that begins with sk-ant-.")
    return text


def _address(text: str) -> str:
    """The key goes there: in the clear to this machine alone."""
    parts = urlsplit(text)
    has_secret = parts.username or parts.password or parts.query or parts.fragment
    is_sure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(text))
    if not parts.hostname or has_secret or not is_sure:
        raise ValueError("ANTHROPIC_BASE_URL must be https://HOST, or http:// to this very machine.")
    return text.rstrip("/")


def _is_loopback(url: str) -> bool:
    return bool(_LOOPBACK.fullmatch(urlsplit(url).hostname or ""))


def _model(text: str) -> str:
    if _MODEL.fullmatch(text):
        return text
    raise ValueError(f"TURBO_MENTOR_MODEL must be the name of a model, such as {MODEL}.")


def _prices(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    read, _, written = text.partition("/")
    return _dollars("TURBO_MENTOR_PRICES", read, _PRICES), _dollars("TURBO_MENTOR_PRICES", written, _PRICES)


_PRICES = "two amounts in dollars, of a million tokens read and of a million written, such as 3/15"


def _dollars(name: str, text: str, wanted: str = "an amount in dollars a day, such as 5 or 2.50") -> int:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if amount.is_finite() and 0 <= amount <= LARGEST_BUDGET:
        return int(amount * MICROS)
    raise ValueError(f"{name} must be {wanted}.")
