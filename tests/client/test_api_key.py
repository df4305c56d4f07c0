"""What can be told of a key before anyone is asked."""

import zlib

import pytest

from tests.client.stand_in import make_key
from turbo_client.api_key import checksum, fingerprint, masked, require_sound
from turbo_client.errors import MalformedKey


def test_the_checksum_is_the_crc_of_the_key_in_base_62() -> None:
    """Worked out by hand: crc32(b"turbo_pat_" + 40 zeros) in six digits of 0-9A-Za-z."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    body = "turbo_pat_" + "0" * 40
    value = sum(digits.index(digit) * 62**place for place, digit in enumerate(reversed(checksum(body))))
    assert (len(checksum(body)), value) == (6, zlib.crc32(body.encode()))


def test_every_single_mistyped_character_is_found() -> None:
    key = make_key("Ab3")
    assert require_sound(key, "x") == key
    for place in range(len("turbo_pat_"), len(key)):
        wrong = key[:place] + ("z" if key[place] != "z" else "y") + key[place + 1 :]
        with pytest.raises(MalformedKey, match="checksum"):
            require_sound(wrong, "x")


@pytest.mark.parametrize(
    "key", ["", "turbo_pat_", make_key()[:-1], make_key() + "0", make_key().upper(), "ä" * 56, " " + make_key()]
)
def test_what_has_not_the_shape_of_a_key_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(MalformedKey) as caught:
        require_sound(key, "TURBO_API_KEY")
    assert "TURBO_API_KEY" in caught.value.text
    assert len(key) < 20 or key.strip() not in caught.value.text


def test_short_names_of_a_key_do_not_give_it_away() -> None:
    key = make_key()
    assert masked(key) == f"turbo_pat_…{key[-4:]}"
    assert len(fingerprint(key)) == 16
    assert fingerprint(key) != fingerprint(make_key("b"))
