"""The environment, read once and checked, as frozen settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from turbo_server.account.token import is_well_formed
from turbo_server.kit.context import Traits
from turbo_server.kit.database_url import SCHEMES, BadDatabaseUrl, read_postgres_url
from turbo_server.kit.patience import OF_CALLS, Patience
from turbo_server.mentor_settings import MentorSettings, read_mentor_settings

Environment = Literal["development", "production"]
Network = IPv4Network | IPv6Network

LogLevel = Literal["debug", "info", "warning", "error"]
WEB = Path(__file__).parent / "web"
LARGEST_LIMIT = 10**9
NAMES = (
    "DATABASE_URL", "DATABASE_REPLICA_URL", "TURBO_ENVIRONMENT", "API_HOST", "API_PORT", "TURBO_API_KEY",
    "TURBO_KEY_PEPPER", "TURBO_WEB_URL", "GRAPH_ENABLED", "TURBO_BEHIND_FLY", "TURBO_TRUSTED_PROXIES",
    "TURBO_CALLS_PER_MINUTE", "TURBO_CREATIONS_PER_HOUR", "TURBO_BAD_KEYS_PER_MINUTE", "TURBO_LOG_LEVEL",
    "TURBO_LOG_FORMAT", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "TURBO_MENTOR_MODEL", "TURBO_MENTOR_DAILY_BUDGET",
    "TURBO_MENTOR_WORKSPACE_BUDGET", "TURBO_MENTOR_PRICES",
)  # fmt: skip


@dataclass(frozen=True)
class Defaults:
    """What differs between a hosted server and one for this machine's own user, as the environment would say it."""

    calls: str
    creations: str
    bad_keys: str
    log_level: LogLevel
    log_format: Literal["json", "text"]


DEFAULTS: dict[Environment, Defaults] = {
    # The user's own processor: calls may come as fast as it takes them. Ten thousand issues of a loop are no help.
    "development": Defaults(calls="0", creations="500", bad_keys="0", log_level="warning", log_format="text"),
    "production": Defaults(calls="120", creations="500", bad_keys="20", log_level="info", log_format="json"),
}


class BadSettings(Exception):
    """A setting that cannot work: the text names it and says what to write instead."""


@dataclass(frozen=True)
class Settings:
    """Secrets stand in no repr. `database_url` is `sqlite:///PATH` or `postgres(ql)://...`."""

    database_url: str = field(repr=False)
    environment: Environment = "development"
    host: str = "127.0.0.1"
    port: int = 8080
    api_key: str | None = field(default=None, repr=False)
    key_pepper: str | None = field(default=None, repr=False)
    database_replica_url: str | None = field(default=None, repr=False)
    web_url: str | None = None
    graph_enabled: bool = False
    behind_fly: bool = False
    trusted_proxies: tuple[Network, ...] = ()  # whose Turbo-Client-Address is believed
    calls_per_minute: int = 0  # of one key; 0 is no limit, here and in the next two
    creations_per_hour: int = 0
    bad_keys_per_minute: int = 0  # of one address
    log_level: LogLevel = "warning"
    logs_as_json: bool = False
    mentor: MentorSettings = field(default_factory=MentorSettings)
    database_from: str = "DATABASE_URL"  # what named the database: for whoever has to correct it
    web_folder: Path = WEB  # not the environment's to set: it comes with the wheel
    patience: Patience = OF_CALLS  # not the environment's to set: turbo-client's own time-outs fit to it

    @property
    def traits(self) -> Traits:
        return Traits(
            is_hosted=self.environment == "production",
            mentors_answer=self.mentor.answers_itself,
            mentor_model=self.mentor.model,
            person_budget=self.mentor.person_budget,
            workspace_budget=self.mentor.workspace_budget,
            wait=self.mentor.wait,
            look_again=self.mentor.look_again,
        )

    @property
    def is_local(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    kind = _environment(given.get("TURBO_ENVIRONMENT", "development"))
    default = DEFAULTS[kind]
    return Settings(
        database_url=(database_url := _database_url(given.get("DATABASE_URL"), kind)),
        database_replica_url=_replica_url(given.get("DATABASE_REPLICA_URL"), database_url),
        environment=kind,
        host=given.get("API_HOST", "127.0.0.1"),
        port=_port(given.get("API_PORT", "8080")),
        api_key=_api_key(given.get("TURBO_API_KEY")),
        key_pepper=given.get("TURBO_KEY_PEPPER"),
        web_url=given.get("TURBO_WEB_URL", "").rstrip("/") or None,
        graph_enabled=_switch("GRAPH_ENABLED", given.get("GRAPH_ENABLED", "false")),
        behind_fly=_switch("TURBO_BEHIND_FLY", given.get("TURBO_BEHIND_FLY", "false")),
        trusted_proxies=_networks(given.get("TURBO_TRUSTED_PROXIES", "")),
        calls_per_minute=_limit("TURBO_CALLS_PER_MINUTE", given.get("TURBO_CALLS_PER_MINUTE", default.calls)),
        creations_per_hour=_limit("TURBO_CREATIONS_PER_HOUR", given.get("TURBO_CREATIONS_PER_HOUR", default.creations)),
        bad_keys_per_minute=_limit(
            "TURBO_BAD_KEYS_PER_MINUTE", given.get("TURBO_BAD_KEYS_PER_MINUTE", default.bad_keys)
        ),
        log_level=_log_level(given.get("TURBO_LOG_LEVEL", default.log_level)),
        logs_as_json=_log_format(given.get("TURBO_LOG_FORMAT", default.log_format)),
        mentor=_mentor(given),
    )


def _mentor(given: Mapping[str, str]) -> MentorSettings:
    try:
        return read_mentor_settings(given)
    except ValueError as error:
        raise BadSettings(str(error)) from None


def _database_url(url: str | None, kind: Environment) -> str:
    if url is None and kind == "production":
        raise BadSettings(
            "DATABASE_URL is not set, and a hosted server must be told where its data is: postgres://... or"
            " sqlite:///PATH. On Fly, attach a database to the app before you deploy: `fly mpg attach` sets it."
        )
    if url is None:
        return f"sqlite:///{_data_folder() / 'turbo.db'}"
    return read_database_url(url)


def read_database_url(url: str, name: str = "DATABASE_URL") -> str:
    """`name` is what named it. Raises BadSettings."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return _with_home(url, name)
    if url.partition(":")[0] not in SCHEMES:
        unset = "; unset, it is a local SQLite file" if name == "DATABASE_URL" else ""
        raise BadSettings(f"{name} must be sqlite:///PATH, postgres://... or postgresql://...{unset}.")
    try:
        read_postgres_url(url)
    except BadDatabaseUrl as error:
        raise BadSettings(f"{name} cannot be used: {error}.") from None
    return url


def _replica_url(url: str | None, primary: str) -> str | None:
    if url is None:
        return None
    if primary.startswith("sqlite:") or url.partition(":")[0] not in SCHEMES:
        raise BadSettings(
            "DATABASE_REPLICA_URL is the postgres:// address of a copy of DATABASE_URL's Postgres. Where that is a"
            " SQLite file, leave it unset."
        )
    try:
        read_postgres_url(url)
    except BadDatabaseUrl as error:
        raise BadSettings(f"DATABASE_REPLICA_URL cannot be used: {error}.") from None
    return url


def _with_home(url: str, name: str) -> str:
    path = url.removeprefix("sqlite:///")
    if not path.startswith("~"):
        return url
    try:
        return f"sqlite:///{Path(path).expanduser()}"
    except RuntimeError:  # nobody of that name, or no home
        raise BadSettings(f"{name} names {path}, and there is no such home folder. Write it out.") from None


def _data_folder() -> Path:
    from platformdirs import user_data_path  # here: a hosted server never needs it

    return user_data_path("turbo", appauthor=False)


def _environment(name: str) -> Environment:
    match name:
        case "development" | "production":
            return name
    raise BadSettings("TURBO_ENVIRONMENT must be development or production.")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise BadSettings("API_PORT must be a port number between 1 and 65535, such as 8080.")


def _limit(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_LIMIT:
        return int(text)
    raise BadSettings(f"{name} must be a whole number; 0 is no limit.")


def _networks(text: str) -> tuple[Network, ...]:
    try:
        networks = tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise BadSettings(
            "TURBO_TRUSTED_PROXIES must be addresses or networks, by commas, such as 10.0.0.7 or fdaa::/16: those of"
            " your own proxies."
        ) from None
    if any(each.prefixlen == 0 for each in networks):
        raise BadSettings("TURBO_TRUSTED_PROXIES names everybody: each could say what address is theirs.")
    return networks


def _log_level(text: str) -> LogLevel:
    match text.lower():
        case "debug" | "info" | "warning" | "error" as level:
            return level
    raise BadSettings("TURBO_LOG_LEVEL must be debug, info, warning or error.")


def _log_format(text: str) -> bool:
    if text.lower() in ("json", "text"):
        return text.lower() == "json"
    raise BadSettings("TURBO_LOG_FORMAT must be json or text.")


def _switch(name: str, text: str) -> bool:
    match text.lower():
        case "true" | "1" | "yes" | "on":
            return True
        case "false" | "0" | "no" | "off":
            return False
    raise BadSettings(f"{name} must be true or false.")


def _api_key(token: str | None) -> str | None:
    if token is None or token.startswith("${"):  # a variable that nobody expanded
        return None
    if is_well_formed(token):
        return token
    raise BadSettings("TURBO_API_KEY is not a Turbo key. Make one with `turbo-server keys generate` and set that.")
