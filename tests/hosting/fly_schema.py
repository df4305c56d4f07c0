"""What Fly understands in a fly.toml, as a strict JSON Schema: Fly itself ignores a key that it does not know.

From Fly's configuration reference and flyctl's own structs; checking with flyctl needs an account.
"""

from typing import Any

from turbo_server.hosting import fly

SIGNALS = ["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL", "SIGSTOP"]
SIZES = [f"shared-cpu-{count}x" for count in (1, 2, 4, 8)] + [f"performance-{count}x" for count in (1, 2, 4, 8, 16)]

TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
DURATION = {"type": "string", "pattern": r"^[1-9][0-9]*(ms|s|m)$"}
UP_TO_A_MINUTE = {"type": "string", "pattern": r"^([1-9]|[1-5][0-9]|60)s$|^1m$"}
UP_TO_FIVE_MINUTES = {"type": "string", "pattern": r"^([1-9]|[1-9][0-9]|[12][0-9][0-9]|300)s$|^[1-5]m$"}


def _table(required: tuple[str, ...] = (), /, **keys: Any) -> dict[str, Any]:
    named = {key.replace("__", "-"): value for key, value in keys.items()}
    return {"type": "object", "properties": named, "additionalProperties": False, "required": list(required)}


def _list_of(table: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": table, "minItems": 1}


def _never(key: str, /, **tables: Any) -> dict[str, Any]:
    """Where the key stands, these tables may not be so."""
    so = {name: {"properties": keys, "required": list(keys)} for name, keys in tables.items()}
    return {"not": {"required": [key, *so], "properties": so}}


CHECK = _table(
    ("grace_period", "interval", "timeout", "method", "path"),
    grace_period=UP_TO_A_MINUTE,
    interval=UP_TO_A_MINUTE,
    timeout=UP_TO_A_MINUTE,
    method={"enum": ["GET", "HEAD"]},
    path={"type": "string", "pattern": "^/"},
    protocol={"enum": ["http", "https"]},
    tls_skip_verify=FLAG,
    tls_server_name=TEXT,
    headers={"type": "object", "additionalProperties": TEXT},
)
CONCURRENCY = _table(
    ("type", "soft_limit", "hard_limit"),
    type={"enum": ["requests", "connections"]},
    soft_limit=COUNT,
    hard_limit=COUNT,
)
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
HTTP_SERVICE = _table(
    ("internal_port", "force_https", "concurrency", "checks"),
    internal_port=PORT,
    force_https=FLAG,
    auto_stop_machines={"enum": ["off", "stop", "suspend"]},
    auto_start_machines=FLAG,
    min_machines_running=COUNT,
    processes=TEXTS,
    concurrency=CONCURRENCY,
    checks=_list_of(CHECK),
    machine_checks={"type": "array"},
    http_options={"type": "object"},
    tls_options={"type": "object"},
)
SERVICE = _table(
    ("internal_port", "protocol", "concurrency", "ports"),
    internal_port=PORT,
    protocol={"enum": ["tcp", "udp"]},
    auto_stop_machines={"enum": ["off", "stop", "suspend"]},
    auto_start_machines=FLAG,
    min_machines_running=COUNT,
    processes=TEXTS,
    concurrency=CONCURRENCY,
    ports=_list_of(
        _table(
            ("port", "handlers"),
            port=PORT,
            handlers={"type": "array", "items": {"enum": ["http", "tls", "proxy_proto", "pg_tls", "edge_http"]}},
            force_https=FLAG,
        )
    ),
    http_checks=_list_of(CHECK),
)
DEPLOY = _table(
    strategy={"enum": ["rolling", "immediate", "canary", "bluegreen"]},
    max_unavailable={"type": "number"},
    wait_timeout=DURATION,
    release_command=TEXT,
    release_command_timeout=DURATION,
    release_command_vm={"type": "object"},
    seed_command=TEXT,
)
BUILD = _table(dockerfile=TEXT, build__target=TEXT, ignorefile=TEXT, image=TEXT, args={"type": "object"})
RESTART = _table(("policy",), policy={"enum": ["always", "never", "on-failure"]}, retries=COUNT, processes=TEXTS)
VM = _table(
    ("size", "memory"),
    size={"enum": SIZES},
    memory={"type": "string", "pattern": "^[1-9][0-9]*(mb|gb)$"},
    cpus=COUNT,
    cpu_kind={"enum": ["shared", "performance"]},
    processes=TEXTS,
    persist_rootfs={"enum": ["always", "restart", "never"]},
)
# flyctl takes one table, too; a list says the same in every version.
MOUNT = _table(
    ("source", "destination"),
    source={"type": "string", "pattern": "^[a-z0-9_]{1,30}$"},
    destination={"type": "string", "pattern": "^/."},
    initial_size={"type": "string", "pattern": "^[1-9][0-9]*(gb)?$"},
    snapshot_retention={"type": "integer", "minimum": 1, "maximum": 60},
    scheduled_snapshots=FLAG,
    auto_extend_size_threshold=COUNT,
    auto_extend_size_increment=TEXT,
    auto_extend_size_limit=TEXT,
    processes=TEXTS,
)
FLY_TOML = _table(
    ("app", "primary_region", "build", "env", "deploy", "http_service", "vm"),
    app={"type": "string", "pattern": "^[a-z][a-z0-9-]{1,61}[a-z0-9]$"},
    primary_region={"enum": list(fly.REGIONS)},
    kill_signal={"enum": SIGNALS},
    kill_timeout=UP_TO_FIVE_MINUTES,
    swap_size_mb=COUNT,
    console_command=TEXT,
    build=BUILD,
    deploy=DEPLOY,
    env={"type": "object", "additionalProperties": TEXT},
    http_service=HTTP_SERVICE,
    services=_list_of(SERVICE),
    restart=_list_of(RESTART),
    vm=_list_of(VM),
    mounts=_list_of(MOUNT),
    metrics={"type": ["array", "object"]},
) | {
    "allOf": [
        # Swap silently turns suspending off.
        _never("swap_size_mb", http_service={"auto_stop_machines": {"const": "suspend"}}),
        # A volume is one machine's: neither a second one beside it nor the machine of a release command has it.
        _never("mounts", deploy={"strategy": {"enum": ["canary", "bluegreen"]}}),
        _never("mounts", deploy={"release_command": {}}),
    ]
}
