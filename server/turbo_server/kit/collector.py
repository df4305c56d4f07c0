"""Python's garbage collector while much is imported."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def nothing_collected() -> Iterator[None]:
    """What is imported is no garbage: the collector would only look through it, again and again. Nor does it later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
