"""What can go wrong with an answer: each in words for the person who asked, with what to do next.

An AnswerProblem ends in the turn, not in a call: the question is kept. `passes` are those that waiting helps against:
the job tries again by itself.
"""

from collections.abc import Callable

PATIENCE_WORDS = "The server tries again by itself."


class AnswerProblem(Exception):
    """`seconds` is how long the API asked to be left alone; `spent` whether the words so far are paid for."""

    def __init__(
        self, code: str, message: str, hint: str, *, passes: bool = False, seconds: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.passes = passes
        self.seconds = seconds

    @property
    def text(self) -> str:
        return f"{self.message} {self.hint}".strip()


YOURSELF = "ask_mentor(conversation={key}, question=..., brief_only=true) gives you the brief to answer from yourself."


def key_refused() -> AnswerProblem:
    return AnswerProblem(
        "key_refused",
        "Anthropic does not accept this server's key.",
        "Tell whoever runs the server: ANTHROPIC_API_KEY must be a valid key of Anthropic's API.",
    )


def no_credit() -> AnswerProblem:
    return AnswerProblem(
        "no_credit",
        "The Anthropic account of this server has no credit left, or has reached its spending limit.",
        "Tell whoever runs the server: it is topped up, and limits are set, in Anthropic's console.",
    )


def model_unknown(model: str) -> AnswerProblem:
    return AnswerProblem(
        "model_unknown",
        f"Anthropic knows no model {model} for this server's key.",
        "create_mentor(name=..., model=none) uses the server's own; TURBO_MENTOR_MODEL names that.",
    )


def price_unknown(model: str) -> AnswerProblem:
    return AnswerProblem(
        "price_unknown",
        f"What {model} costs is not known here, so it is not asked.",
        "Use another with create_mentor(name=..., model=...), or have TURBO_MENTOR_PRICES set, such as 3/15.",
    )


def overloaded(seconds: float | None = None) -> AnswerProblem:
    return AnswerProblem(
        "overloaded", "Anthropic's API is overloaded.", "Ask again in some minutes.", passes=True, seconds=seconds
    )


def limited(seconds: float | None = None) -> AnswerProblem:
    return AnswerProblem(
        "rate_limited",
        "This server has reached the rate limit of its Anthropic account.",
        "Ask again in some minutes.",
        passes=True,
        seconds=seconds,
    )


def unavailable() -> AnswerProblem:
    return AnswerProblem("unavailable", "Anthropic's API has an error of its own.", "Ask again later.", passes=True)


def unreachable() -> AnswerProblem:
    return AnswerProblem(
        "unreachable",
        "Anthropic's API cannot be reached from this server.",
        "Ask again later; whoever runs the server can look at its network and ANTHROPIC_BASE_URL.",
        passes=True,
    )


def broken_off() -> AnswerProblem:
    return AnswerProblem(
        "broken_off", "The connection broke before the answer was complete.", "Ask again.", passes=True
    )


def silent() -> AnswerProblem:
    return AnswerProblem("timed_out", "The model did not answer in time.", "Ask again, or ask for less.", passes=True)


def refused() -> AnswerProblem:
    return AnswerProblem(
        "refused", "The model declined to answer this.", "Ask it in other words, or answer it yourself."
    )


def too_long() -> AnswerProblem:
    return AnswerProblem(
        "too_long", "The question with its brief is more than the model can read.", "Ask about less at a time."
    )


def rejected() -> AnswerProblem:
    return AnswerProblem(
        "rejected",
        "Anthropic's API does not take the request as this server makes it.",
        "The server's log has the details; report it if it stays.",
    )


def no_answer() -> AnswerProblem:
    return AnswerProblem("no_answer", "The model ended without an answer.", "Ask again, or ask for less.", passes=True)


def asker_gone() -> AnswerProblem:
    return AnswerProblem("asker_gone", "Whoever asked this is no longer in the workspace.", "Ask it anew.")


PASSING: tuple[Callable[[], AnswerProblem], ...] = (
    overloaded, limited, unavailable, unreachable, broken_off, silent, no_answer,
)  # fmt: skip
