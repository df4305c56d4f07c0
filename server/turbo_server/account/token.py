"""Makes keys. Their form is told in kit/token.py, which knows nothing secret."""

import secrets

from turbo_server.kit.token import (
    ALPHABET,
    CHECK_LENGTH,
    INVITATION,
    PREFIX,
    RANDOM_LENGTH,
    checksum,
    is_well_formed,
)

__all__ = ["ALPHABET", "CHECK_LENGTH", "INVITATION", "PREFIX", "RANDOM_LENGTH", "checksum", "is_well_formed", "mint"]


def mint(prefix: str = PREFIX) -> str:
    body = prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + checksum(body)
