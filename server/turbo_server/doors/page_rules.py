"""The headers of the web page's files: one source for the two servers that send them, Pages and nginx.

Both are made of this and of export.py, which need nothing but Python: nginx's part is written where it is built.
"""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .export import Exported

SCRIPTS = "csp.json"  # beside the files, and never sent: for each page the hashes of the scripts inside it
_YEAR = 365 * 24 * 3600
STEADY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BEHIND_FLY = {"Strict-Transport-Security": f"max-age={_YEAR}"}  # which passes on nothing but TLS
FOR_GOOD, ASK_AGAIN = f"public, max-age={_YEAR}, immutable", "no-cache"


def etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def caching(found: "Exported") -> str:
    return FOR_GOOD if found.is_for_good else ASK_AGAIN


def policy(scripts: tuple[str, ...] = ()) -> str:
    """Styles may stand in the page: the parts that it is made of set theirs so."""
    allowed = " ".join(["'self'", *(f"'{each}'" for each in scripts)])
    return (
        f"default-src 'self'; script-src {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
