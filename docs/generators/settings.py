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
from turbo_server.settings import Settings, read_settings

DEFAULTS = Settings(database_url="")
SERVER_VARIABLES = {
    "DATABASE_URL": (
        "a SQLite file in the data folder",
        "`sqlite:///PATH`, `postgres://...` or `postgresql://...`. `sslmode` in it is understood. `?pgbouncer=true`, or "
        "`pgbouncer` in the host name, turns prepared statements off.",
    ),
    "TURBO_ENVIRONMENT": (
        f"`{DEFAULTS.environment}`",
        "`development` or `production`. In production the server does not start while no API key exists.",
    ),
    "API_HOST": (f"`{DEFAULTS.host}`", "The address to listen on."),
    "API_PORT": (f"`{DEFAULTS.port}`", "The port to listen on."),
    "TURBO_API_KEY": (
        "unset",
        "The owner's first key, made with `turbo-server keys generate`. It is accepted from the start on, and revoked "
        "like any other. A value that begins with `${` counts as unset.",
    ),
    "TURBO_KEY_PEPPER": (
        "one that the database keeps",
        "The secret under which keys are hashed. Setting or changing it makes all present keys invalid.",
    ),
    "TURBO_WEB_URL": ("unset", "The address of a web page for items. With it, results carry a `url`."),
}
CLIENT_VARIABLES = {
    "TURBO_API_URL": (
        f"config file, else `{DEFAULT_ORIGIN}`",
        "The server. `http://` is accepted for `localhost`, `127.*` and `[::1]` only. A value that begins with `${` "
        "counts as unset.",
    ),
    "TURBO_API_KEY": (
        "keyring, else key file",
        "The API key. It comes before every stored one. A value that begins with `${` counts as unset.",
    ),
    "CLAUDE_CODE_SESSION_ID": ("unset", "Set by Claude Code. Sent along, so that work can be told apart by session."),
    "CLAUDE_CONFIG_DIR": ("`~/.claude`", "Where Claude Code keeps its configuration. It must be an absolute path."),
    "NO_COLOR": ("unset", "Set to anything: no bold text."),
    "TERM": ("set by the terminal", "`dumb`: no bold text."),
    "HOME": ("set by the system", "Your home folder."),
}
XDG = "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"


def page() -> str:
    require_same(variables(SERVER), set(SERVER_VARIABLES), "variable", "docs/generators/settings.py")
    require_same(variables(CLIENT, INSTALLER), set(CLIENT_VARIABLES), "variable", "docs/generators/settings.py")
    return "\n".join(
        [
            "# Settings\n",
            "## turbo-server\n",
            "The environment is all that sets up the server. An empty value counts as unset. A value that cannot work "
            "stops it at the\nstart with a sentence that names the variable.\n",
            _variables(SERVER_VARIABLES),
            "## turbo-client\n",
            _variables(CLIENT_VARIABLES),
            "HTTP goes through httpx, which also reads `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`; "
            "for a server on this\nmachine it reads no proxy.\n",
            "## Files\n",
            "On Linux `XDG_CONFIG_HOME`, `XDG_CACHE_HOME`, `XDG_DATA_HOME` and `XDG_STATE_HOME` move the folders. On "
            "Windows they lie under\n`%LOCALAPPDATA%\\turbo`.\n",
            _files(),
        ]
    )


def _variables(described: dict[str, tuple[str, str]]) -> str:
    return table(("Variable", "Unset", ""), ([f"`{name}`", *words] for name, words in described.items()))


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
