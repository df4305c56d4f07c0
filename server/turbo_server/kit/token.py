"""The text form of an API key: `turbo_pat_`, 40 random base62 characters, 6 of checksum.

The checksum lets scanners and both ends refuse a mistyped key without asking anybody. It is no secret.
"""

import re
import string
import zlib

PREFIX = "turbo_pat_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH = 40  # 238 bits
CHECK_LENGTH = 6
_LENGTH = len(PREFIX) + RANDOM_LENGTH + CHECK_LENGTH
_KEY = re.compile(rf"(?={PREFIX}([0-9A-Za-z]{{{RANDOM_LENGTH + CHECK_LENGTH}}}))")  # looks ahead: keys may overlap


def is_well_formed(token: str) -> bool:
    body, check = token[:-CHECK_LENGTH], token[-CHECK_LENGTH:]
    return len(token) == _LENGTH and token.startswith(PREFIX) and token.isascii() and checksum(body) == check


def holds_key(text: str) -> bool:
    """Whether an API key stands anywhere in it: one whose checksum is right, whether or not it is in use."""
    return PREFIX in text and any(is_well_formed(PREFIX + match[1]) for match in _KEY.finditer(text))


def checksum(body: str) -> str:
    """CRC-32 of the part before it, prefix included, in base62 and padded with zeros to six characters."""
    number = zlib.crc32(body.encode())
    digits = ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits.rjust(CHECK_LENGTH, ALPHABET[0])
