"""What is to be done once a transaction is committed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Committing:
    """Of one connection."""

    def __init__(self) -> None:
        self._calls: dict[Callable[[], None], None] | None = None  # None: there is no transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Left without an exception, it was committed."""
        calls = self._calls = {}
        try:
            yield
        finally:
            self._calls = None
        for call in calls:
            call()

    def after(self, call: Callable[[], None]) -> None:
        """The same thing twice is once."""
        if self._calls is None:
            call()
        else:
            self._calls[call] = None
