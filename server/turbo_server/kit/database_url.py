"""DATABASE_URL in all the forms that hosts write it, as the drivers understand it."""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg", "postgres+asyncpg")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# What asyncpg itself reads from a URL. Anything else it would hand to Postgres as a setting, which refuses it.
_KEPT = frozenset((
    "host", "port", "user", "password", "dbname", "database", "passfile", "sslmode", "sslcert", "sslkey", "sslrootcert",
    "sslcrl", "sslpassword", "sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "target_session_attrs",
))  # fmt: skip
_SSL_WORDS = {"true": "require", "1": "require", "false": "disable", "0": "disable", "no-verify": "require"}


class BadDatabaseUrl(ValueError):
    """What is wrong with it, in words that hold nothing of it but names of parameters."""


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    dsn: str
    is_pooled: bool  # a PgBouncer in transaction mode: neither prepared statements nor settings outlive a transaction
    ignored: tuple[str, ...] = ()  # names of parameters that mean nothing here

    def __repr__(self) -> str:
        return f"PostgresAddress(is_pooled={self.is_pooled})"  # the rest holds a password


def read_postgres_url(url: str) -> PostgresAddress:
    """Raises BadDatabaseUrl."""
    parts = _split(url)
    given = dict(parse_qsl(parts.query))
    pooled = given.pop("pgbouncer", "false").lower() in ("true", "1", "yes")
    uncached = given.pop("statement_cache_size", None) == "0"
    if "ssl" in given:
        given.setdefault("sslmode", given.pop("ssl"))
    if "sslmode" in given:
        given["sslmode"] = _mode(given["sslmode"])
    ignored = tuple(name for name in given if name not in _KEPT)
    if misspelt := [name for name in ignored if name.startswith("ssl")]:
        raise BadDatabaseUrl(f"its parameter {misspelt[0]} is unknown, and encryption must not be left to chance")
    kept = urlencode({name: value for name, value in given.items() if name in _KEPT})
    dsn = urlunsplit(parts._replace(scheme="postgresql", query=kept, fragment=""))
    return PostgresAddress(dsn, pooled or uncached or "pgbouncer" in (parts.hostname or ""), ignored)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 - raises ValueError where it is none
    except ValueError:  # whose text may hold a part of the password
        raise BadDatabaseUrl(
            "its host or port cannot be read; a special character in the password is written %XX"
        ) from None
    if parts.scheme not in SCHEMES:
        raise BadDatabaseUrl("it must begin with postgres:// or postgresql://")
    return parts


def _mode(word: str) -> str:
    mode = _SSL_WORDS.get(word.lower(), word.lower())
    if mode not in SSL_MODES:
        raise BadDatabaseUrl(f"sslmode must be one of {', '.join(SSL_MODES)}")
    return mode
