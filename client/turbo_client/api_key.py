"""What can be told of an API key without asking anyone: whether it was copied whole, and its harmless short names."""

# Without re, and hashlib only where it is used: serve looks at a key from the environment before its first answer.

import zlib

from turbo_client.errors import MalformedKey

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM_LENGTH = 6
_PREFIX = "turbo_pat_"
INVITATION = "turbo_inv_"  # heads a one-time key with which somebody joins: as long, and as checked
_LENGTH = len(_PREFIX) + 46


def require_sound(key: str, place: str, prefix: str = _PREFIX) -> str:
    """The key itself, or MalformedKey: nothing mistyped is ever sent. `place` is named in the error."""
    if len(key) != _LENGTH or not key.startswith(prefix) or key[len(prefix) :].strip(_ALPHABET):
        raise MalformedKey(
            f"What is in {place} is not an API key: a key is turbo_pat_ and 46 letters and digits.",
            "Copy it again, or have a new one made with `turbo-server keys create --name NAME`.",
        )
    if checksum(key[:-_CHECKSUM_LENGTH]) != key[-_CHECKSUM_LENGTH:]:
        raise MalformedKey(
            f"The API key in {place} was mistyped or cut: its checksum does not match.",
            "Copy it again, or have a new one made with `turbo-server keys create --name NAME`.",
        )
    return key


def require_given(key: str, place: str) -> str:
    """What somebody may log in with: a key, or an invitation. Raises MalformedKey."""
    return require_sound(key, place, INVITATION if is_invitation(key) else _PREFIX)


def is_invitation(key: str) -> bool:
    return key.startswith(INVITATION)


def mint() -> str:
    """A new key, which a server may be told of."""
    import secrets

    body = _PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - len(_PREFIX) - _CHECKSUM_LENGTH))
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 of the key's text before its last six characters, in base 62."""
    rest = zlib.crc32(body.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


def fingerprint(key: str) -> str:
    """Tells keys apart in file names and notes; it cannot be turned back."""
    import hashlib

    return hashlib.sha256(key.encode()).hexdigest()[:16]


def masked(key: str) -> str:
    return f"{_PREFIX}…{key[-4:]}"
