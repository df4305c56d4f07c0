"""What every kind of item must be able to do."""

import pytest

from turbo_server.catalogue import KINDS
from turbo_server.kit.keys import EXAMPLES, read_key


def test_every_kind_has_an_example_key_that_is_its_own_and_nobody_elses() -> None:
    for name in KINDS:
        assert [kind.name for kind in KINDS.values() if kind.is_key(EXAMPLES[name])] == [name]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("turbo-12", "issue"), (" Turbo-i2 ", "initiative"), ("TURBO-M3", "milestone"), ("turbo-d7", "document"),
        ("dec-4", "decision"), ("TURBO", "project"), ("DEC-D4", "document"), ("I2-7", "issue"),
    ],
)  # fmt: skip
def test_a_key_tells_its_kind_in_any_letter_case(text: str, kind: str) -> None:
    key = read_key(text)
    assert key is not None
    assert key.kind == kind


@pytest.mark.parametrize(
    "text", ["", "T", "12", "TURBO-", "TURBO-0", "TURBO-X3", "TURBO-I", "TURBO 1", "TÜRBO-1", "A-1"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert read_key(text) is None
