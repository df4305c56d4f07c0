"""What a request that comes with the web page's cookie has to show: that it comes from the page itself.

The cookie's name begins with __Host- wherever there is TLS, so that no other host and no plain connection can set it.
On this machine itself there is none: there it is `turbo`.
"""

import re

from starlette.requests import HTTPConnection

from turbo_server.kit.errors import TurboError
from turbo_server.kit.token import SessionSecret

_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?")
_READS = ("GET", "HEAD")
MONTH = 30 * 24 * 3600


class MixedCredentials(TurboError):
    code = "mixed_credentials"

    def __init__(self) -> None:
        super().__init__(
            "The request has both a key and a session's cookie.",
            "Send one of them: programs a key as the bearer, and the web page its cookie.",
        )


class ForeignOrigin(TurboError):
    status = 403
    code = "foreign_origin"

    def __init__(self) -> None:
        super().__init__(
            "With a session's cookie, a request has to come from the web page of this very server.",
            "Open the page itself. Programs send a key as the bearer, and no cookie.",
        )


class JsonOnly(TurboError):
    status = 403
    code = "json_only"

    def __init__(self) -> None:
        super().__init__(
            "With a session's cookie, whatever changes something is sent as application/json.",
            "Set Content-Type: application/json, also where the body is empty.",
        )


class InsecureOrigin(TurboError):
    status = 403
    code = "insecure_origin"

    def __init__(self) -> None:
        super().__init__(
            "Over plain HTTP nobody signs in: whoever is on the way could read the session.",
            "Open the page over https://, or on the machine of the server at http://localhost.",
        )


def session_of(request: HTTPConnection) -> SessionSecret | None:
    """Whatever stands in the cookie of our name."""
    cookies = request.headers.get("cookie")
    if cookies is None:
        return None
    wanted = _name(request)
    for each in cookies.split(";"):
        name, _, value = each.strip().partition("=")
        if name == wanted:
            return SessionSecret(value)
    return None


def require_own_page(request: HTTPConnection) -> None:
    """Raises ForeignOrigin and JsonOnly. A browser says where a request comes from, and no page can make it lie."""
    reads = request.scope["method"] in _READS
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_own = site == "same-origin" or (reads and site == "none")
    else:  # an older browser, which sends an Origin wherever something is changed
        is_own = reads if origin is None else origin.partition("://")[2] == request.headers.get("host")
    if not is_own:
        raise ForeignOrigin
    if not reads and not _is_json(request.headers.get("content-type", "")):
        raise JsonOnly


def require_privacy(request: HTTPConnection) -> None:
    """Raises InsecureOrigin where a browser would not keep the cookie anyway."""
    if request.headers.get("origin", "").startswith("http://") and not _is_loopback(request):
        raise InsecureOrigin


def cookie(request: HTTPConnection, secret: str) -> dict[str, str]:
    """The header that sets it; an empty secret takes it away."""
    secure = "" if _is_loopback(request) else " Secure;"
    return {
        "Set-Cookie": f"{_name(request)}={secret}; Path=/;{secure} HttpOnly; SameSite=Lax;"
        f" Max-Age={MONTH if secret else 0}"
    }


def _name(request: HTTPConnection) -> str:
    return "turbo" if _is_loopback(request) else "__Host-turbo"


def _is_loopback(request: HTTPConnection) -> bool:
    return _LOOPBACK.fullmatch(request.headers.get("host", "")) is not None


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"
