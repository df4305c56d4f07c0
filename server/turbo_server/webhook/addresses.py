"""Where a webhook may lead: to the internet, and never into the network that the server stands in."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from turbo_server.kit.errors import InvalidArguments

LONGEST = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address stands in its last 32 bits
# What the language's own list of special networks calls global, or has only since lately.
_REFUSED = tuple(
    ipaddress.ip_network(each)
    for each in ("fec0::/10", "64:ff9b:1::/48", "2001::/32", "2002::/16", "192.88.99.0/24", "5f00::/16", "100::/64")
)


class UrlRefused(InvalidArguments):
    code = "url_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"A webhook cannot lead there: {why}.", "Give an address such as https://example.com/turbo.")


@dataclass(frozen=True, slots=True)
class Target:
    """`host` is what the certificate must be for; `named` stands in the Host header."""

    is_encrypted: bool
    host: str
    port: int
    path: str
    named: str


def read_target(url: str, *, is_hosted: bool) -> Target:
    """Raises UrlRefused. Whether its host's addresses may be spoken with is known when they are: `is_allowed`."""
    if len(url) > LONGEST or not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        raise UrlRefused("it is no plain address of at most 2000 characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("it cannot be read") from None
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host or parts.scheme not in ("https", "http"):
        raise UrlRefused("it is no https address")
    if "@" in parts.netloc:
        raise UrlRefused("it holds a user or a password; what is sent is signed instead")
    if port == 0:
        raise UrlRefused("there is no port 0")
    if parts.scheme == "http" and (is_hosted or not is_this_machine(host)):
        raise UrlRefused("only https is encrypted")
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    is_encrypted = parts.scheme == "https"
    return Target(is_encrypted, host, port or (443 if is_encrypted else 80), path, parts.netloc)


def is_this_machine(host: str) -> bool:
    """By its name or number alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_allowed(text: str, *, is_hosted: bool) -> bool:
    """Whether an address that a name stands for may be spoken with. On a developer's own machine that is one too."""
    try:
        given = ipaddress.ip_address(text)
    except ValueError:
        return False
    address = _meant(given)
    if address.is_loopback:
        return not is_hosted and given not in _TRANSLATED
    is_special = address.is_multicast or address.is_unspecified or address.is_reserved or address.is_link_local
    return address.is_global and not is_special and not any(address in network for network in _REFUSED)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
