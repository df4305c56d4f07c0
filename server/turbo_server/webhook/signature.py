"""A webhook's secret and its signatures, in the form of standardwebhooks.com.

The secret is stored nowhere: it is derived from the pepper under which keys are hashed, and a salt of the webhook's
own. So a copy of the database alone signs nothing where the pepper is set by TURBO_KEY_PEPPER.
"""

import base64
import hmac
from datetime import datetime

from turbo_server.kit.context import HashKey
from turbo_server.kit.database import Connection

PREFIX = "whsec_"
_PURPOSE = "turbo webhook secret "  # no key begins so: what is derived here is no key's hash


async def secret_of(db: Connection, hash_key: HashKey, salt: str) -> str:
    derived = bytes.fromhex(await hash_key(db, f"{_PURPOSE}{salt}"))
    return PREFIX + base64.b64encode(derived).decode()


def signed_headers(secret: str, message: str, now: datetime, body: bytes) -> dict[str, str]:
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message}.{moment}.".encode() + body, "sha256")
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
