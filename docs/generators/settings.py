"""docs/reference/settings.md: every environment variable that the programs read, and where they keep their files."""

import os
from pathlib import PurePosixPath
from unittest import mock

from platformdirs.macos import MacOS
from platformdirs.unix import Unix

import turbo_client.paths
from docs.generators.incomplete import require_same
from docs.generators.markdown import table
from docs.generators.source import CLIENT, INSTALLER, SERVER, variables
from turbo_client.config import DEFAULT_ORIGIN
from turbo_server.mentor_settings import ADDRESS, MODEL, PERSON_BUDGET, WORKSPACE_BUDGET
from turbo_server.settings import DEFAULTS as BY_ENVIRONMENT
from turbo_server.settings import Settings, read_settings

DEFAULTS = Settings(database_url="")
LOCAL, HOSTED = BY_ENVIRONMENT["development"], BY_ENVIRONMENT["production"]
SERVER_VARIABLES = {
    "DATABASE_URL": "`sqlite:///PATH`, `postgres://...` or `postgresql://...`. Unset: SQLite in the data folder. "
    "In production it must be set.",
    "DATABASE_REPLICA_URL": "A copy of `DATABASE_URL`'s Postgres, from which lists and searches are read.",
    "TURBO_ENVIRONMENT": "`development` or `production`. In production it does not start while there is no API key.",
    "API_HOST": "The address to listen on.",
    "API_PORT": "The port to listen on.",
    "TURBO_API_KEY": "The owner's first key, made with `turbo-server keys generate`. It is revoked like any other.",
    "TURBO_KEY_PEPPER": "The secret under which keys are hashed. Unset: the database keeps one.",
    "TURBO_CALLS_PER_MINUTE": "How many calls one key may make, five minutes' worth of them at once. 0: no limit.",
    "TURBO_CREATIONS_PER_HOUR": "How many items, comments and work logs one key may create. 0: no limit.",
    "TURBO_BAD_KEYS_PER_MINUTE": "How many keys that are not valid one address may try. 0: no limit.",
    "TURBO_LOG_LEVEL": "`debug`, `info`, `warning` or `error`. From `info` on, a line for each request.",
    "TURBO_LOG_FORMAT": "`json` or `text`: how the log on stderr is written.",
    "GRAPH_ENABLED": "`true` adds `GET /v1/graph?project=KEY`: a project's items and their links, for drawing.",
    "TURBO_BEHIND_FLY": "`true`: callers are known by the `Fly-Client-IP` of Fly's proxy, else by their connection.",
    "TURBO_TRUSTED_PROXIES": "Addresses and networks of your own proxies, by commas: turbo-web's. From them alone "
    "a call's address is what `Turbo-Client-Address` says.",
    "ANTHROPIC_API_KEY": "With it the server answers what mentors are asked. Unset: whoever asks gets the brief.",
    "ANTHROPIC_BASE_URL": "Where Anthropic's API is. `http://` is accepted for this machine only.",
    "TURBO_MENTOR_MODEL": "The model of every mentor that has none of its own.",
    "TURBO_MENTOR_DAILY_BUDGET": "Dollars that the answers to one person's questions may cost a day.",
    "TURBO_MENTOR_WORKSPACE_BUDGET": "Dollars that all answers in one workspace may cost a day.",
    "TURBO_MENTOR_PRICES": "`3/15`: dollars for a million tokens read and written, of a model without a price here.",
    "FLY_APP_NAME": "Set by Fly. `turbo-server doctor` then looks at what a machine of Fly needs.",
    "TURBO_WEB_URL": "The address of a web page for items. With it, results carry a `url`.",
}
SERVER_DEFAULTS = {
    "TURBO_CALLS_PER_MINUTE": f"{LOCAL.calls}; {HOSTED.calls} in production",
    "TURBO_CREATIONS_PER_HOUR": f"{LOCAL.creations}",
    "TURBO_BAD_KEYS_PER_MINUTE": f"{LOCAL.bad_keys}; {HOSTED.bad_keys} in production",
    "TURBO_LOG_LEVEL": f"{LOCAL.log_level}; {HOSTED.log_level} in production",
    "TURBO_LOG_FORMAT": f"{LOCAL.log_format}; {HOSTED.log_format} in production",
    "TURBO_ENVIRONMENT": DEFAULTS.environment,
    "API_HOST": DEFAULTS.host,
    "API_PORT": str(DEFAULTS.port),
    "GRAPH_ENABLED": str(DEFAULTS.graph_enabled).lower(),
    "TURBO_BEHIND_FLY": str(DEFAULTS.behind_fly).lower(),
    "ANTHROPIC_BASE_URL": ADDRESS,
    "TURBO_MENTOR_MODEL": MODEL,
    "TURBO_MENTOR_DAILY_BUDGET": PERSON_BUDGET,
    "TURBO_MENTOR_WORKSPACE_BUDGET": WORKSPACE_BUDGET,
}
CLIENT_VARIABLES = {
    "TURBO_API_URL": "The server. It comes before the config file. `http://` is accepted for this machine only.",
    "TURBO_API_KEY": "The API key. It comes before the keyring and the key file.",
    "TURBO_TOOLSETS": "Which tools a session sees: `core`, `plan`, `docs`, `mentor`, `care`, by commas. Unset: all.",
    "CLAUDE_CODE_SESSION_ID": "Set by Claude Code. Sent along, so that work can be told apart by session.",
    "TURBO_SESSION": "The session of `turbo-client call`. Unset: Claude Code's, else one for each terminal.",
    "CLAUDE_PROJECT_DIR": "Set by Claude Code. Files for a tool are read inside it. Unset: the working folder.",
    "CLAUDE_CONFIG_DIR": "Where Claude Code keeps its configuration, as an absolute path. Unset: `~/.claude`.",
    "NO_COLOR": "Set to anything: no bold text.",
    "TERM": "`dumb`: no bold text.",
    "HOME": "Your home folder.",
}
CLIENT_DEFAULTS = {"TURBO_API_URL": DEFAULT_ORIGIN}
XDG = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
PAGE = """\
# Settings

## turbo-server

The environment is all that sets up the server. An empty value counts as unset. With a value that cannot work it does
not start, and names the variable.

{server}
- In `DATABASE_URL`, `sslmode` is understood. `?pgbouncer=true`, `?statement_cache_size=0`, or `pgbouncer` in the host
  name, turns prepared statements off. Parameters of other drivers are ignored.
- Setting or changing `TURBO_KEY_PEPPER` makes all keys invalid that were made before.
- A `TURBO_API_KEY` or `ANTHROPIC_API_KEY` that begins with `${{` counts as unset: nobody expanded the variable.

## turbo-client

{client}
- A `TURBO_API_URL` or `TURBO_API_KEY` that begins with `${{` counts as unset.
- HTTP goes through httpx, which also reads `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. For a server
  on this machine no proxy is used.

## Files

{files}
On Linux, `XDG_CONFIG_HOME`, `XDG_CACHE_HOME`, `XDG_DATA_HOME` and `XDG_STATE_HOME` move them. On Windows they lie under
`%LOCALAPPDATA%\\turbo`.
"""


def page() -> str:
    require_same(variables(SERVER), set(SERVER_VARIABLES), "variable", "docs/generators/settings.py")
    require_same(variables(CLIENT, INSTALLER), set(CLIENT_VARIABLES), "variable", "docs/generators/settings.py")
    return PAGE.format(
        server=_variables(SERVER_VARIABLES, SERVER_DEFAULTS),
        client=_variables(CLIENT_VARIABLES, CLIENT_DEFAULTS),
        files=_files(),
    )


def _variables(described: dict[str, str], defaults: dict[str, str]) -> str:
    rows = [[f"`{name}`", f"`{defaults[name]}`" if name in defaults else "", what] for name, what in described.items()]
    return table(("Variable", "Default", ""), rows)


def _files() -> str:
    """The same on every machine: under a home folder that is not there, which is then written as `~`."""
    with mock.patch.dict(os.environ, {"HOME": "/home/you"}):
        for name in XDG:
            os.environ.pop(name, None)
        linux, mac = Unix("turbo", appauthor=False), MacOS("turbo", appauthor=False)
        rows = [
            [what, _short(f"{getattr(linux, kind)}/{name}"), _short(f"{getattr(mac, kind)}/{name}")]
            for what, kind, name in _places()
        ]
    return table(("What", "Linux", "macOS"), rows)


def _places() -> list[tuple[str, str, str]]:
    return [
        ("The server and the login to use; no secret", "user_config_dir", _name(turbo_client.paths.config_file())),
        ("Keys; only after `login --insecure-storage`", "user_config_dir", _name(turbo_client.paths.key_file())),
        ("Lists of tools", "user_cache_dir", f"{_name(turbo_client.paths.catalogue_directory())}/"),
        ("What `install` put where, and its backups", "user_state_dir", "installer/"),
        ("The server's SQLite database", "user_data_dir", _name(read_settings({}).database_url)),
    ]


def _name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _short(path: str) -> str:
    return f"`{path.replace('/home/you', '~')}`"
