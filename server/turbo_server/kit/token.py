"""The text form of a key: `turbo_pat_` (of an invitation `turbo_inv_`), 40 random base62 characters, 6 of checksum.

The checksum lets scanners and both ends refuse a mistyped key without asking anybody. It is no secret.
"""

import re
import string
import zlib

PREFIX = "turbo_pat_"
INVITATION = "turbo_inv_"  # of a one-time key with which somebody joins
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH = 40  # 238 bits
CHECK_LENGTH = 6
_REST = f"[0-9A-Za-z]{{{RANDOM_LENGTH + CHECK_LENGTH}}}"
_SESSION = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits in base64url
_KEY = re.compile(rf"(?=({PREFIX}|{INVITATION})({_REST}))")  # looks ahead: keys may overlap


class SessionSecret(str):
    """What a session's cookie holds. A type of its own: the same characters in a header open nothing."""

    __slots__ = ()

    @property
    def is_well_formed(self) -> bool:
        return _SESSION.fullmatch(self) is not None


def is_well_formed(token: str, prefix: str = PREFIX) -> bool:
    body, check = token[:-CHECK_LENGTH], token[-CHECK_LENGTH:]
    length_fits = len(body) == len(prefix) + RANDOM_LENGTH
    return length_fits and token.startswith(prefix) and token.isascii() and checksum(body) == check


def holds_key(text: str) -> bool:
    """Whether a key or an invitation stands anywhere in it: its checksum is right, whether or not it is in use."""
    if PREFIX not in text and INVITATION not in text:
        return False
    return any(is_well_formed(match[1] + match[2], match[1]) for match in _KEY.finditer(text))


def checksum(body: str) -> str:
    """CRC-32 of the part before it, prefix included, in base62 and padded with zeros to six characters."""
    number = zlib.crc32(body.encode())
    digits = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits.rjust(CHECK_LENGTH, ALPHABET[0])
