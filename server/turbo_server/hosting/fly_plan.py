"""The commands that put this checkout on Fly, in the order in which they work. Pure: the plan is text, nothing is run.

No secret stands in it: the key is made when the command runs, and goes through pipes, from the shell's own printf.
The comments hold nothing that a shell would act on: zsh, when a person pastes them, takes them for commands.
"""

from dataclasses import dataclass
from enum import StrEnum

from turbo_server.hosting import fly


class Store(StrEnum):
    MANAGED = "managed"
    UNMANAGED = "unmanaged"
    SQLITE = "sqlite"


@dataclass(frozen=True)
class Plan:
    """`config`: the file of the checkout, as `fly deploy --config` takes it. `volume`: its name there."""

    app: str
    region: str
    store: Store
    config: str
    volume: str = ""
    domain: str | None = None
    web: str | None = None  # the app of the web page

    @property
    def host(self) -> str:
        return f"{self.app}.fly.dev"


@dataclass(frozen=True)
class Step:
    """`why`: what is to be known before the commands are run, a line each."""

    title: str
    commands: tuple[str, ...]
    why: tuple[str, ...] = ()


def written(plan: Plan) -> str:
    """As a shell reads it: everything but the commands is a comment."""
    lines = [f"# {line}" for line in _head(plan)]
    for number, step in enumerate(steps(plan), 1):
        lines += ["", f"# {number}. {step.title}", *(f"#    {line}" for line in step.why), *step.commands]
    return "\n".join(lines) + "\n"


def steps(plan: Plan) -> list[Step]:
    return [
        Step("Sign in to Fly", ("fly auth login",)),
        Step(
            "The app",
            (f"fly apps create {plan.app}",),
            ("All of Fly shares the names. Where it is taken, take another, everywhere below.",),
        ),
        _database(plan),
        _key(plan),
        _deploy(plan),
        Step(
            "A look at it",
            (f"curl --fail-with-body --max-time 60 https://{plan.host}/ready",),
            ("It wakes the machine, and names the database and its migration.",),
        ),
        _client(plan),
        *_web(plan),
        *_domain(plan),
    ]


def _head(plan: Plan) -> list[str]:
    where = f"{plan.region}, {fly.REGIONS[plan.region]}"
    page = [f"The page, app {plan.web}: {fly.ROOTFS:.2f} to {fly.SMALL_MACHINE:.2f} more."] if plan.web else []
    return [f"Turbo on Fly: app {plan.app} in {where}, {_STORED[plan.store]}.", *_costs(plan.store), *page]


_STORED = {
    Store.MANAGED: "on Managed Postgres",
    Store.UNMANAGED: "on a Postgres that you look after yourself",
    Store.SQLITE: "on SQLite on a volume",
}


def _costs(store: Store) -> list[str]:
    """Each month: asleep all of it, to awake all of it."""
    match store:
        case Store.MANAGED:
            database = fly.PLAN + fly.MANAGED_GB * fly.STORAGE
            what = f"a database of plan Basic with {fly.MANAGED_GB} GB, which never sleeps"
        case Store.UNMANAGED:
            database = fly.SMALL_MACHINE + fly.VOLUME_GB * fly.VOLUME
            what = f"a database machine of 256 MB with {fly.VOLUME_GB} GB, whose backups and upgrades are yours"
        case Store.SQLITE:
            database = fly.VOLUME_GB * fly.VOLUME
            what = f"a volume of {fly.VOLUME_GB} GB"
    least, most = database + fly.ROOTFS, database + fly.MACHINE
    return [
        f"US dollars a month: {least:.2f} when nobody works, {most:.2f} when somebody always does.",
        f"Of it {database:.2f} for {what}.",
        f"Prices of iad and ewr as of {fly.AS_OF}, other regions cost more: https://fly.io/docs/about/pricing",
    ]


_BEFORE = "before the first deploy"
_PRINTS = "attach sets the secret DATABASE_URL and prints it, password and all: not in a log that others read."


def _database(plan: Plan) -> Step:
    match plan.store:
        case Store.MANAGED:
            return _managed(plan)
        case Store.UNMANAGED:
            return _unmanaged(plan)
        case Store.SQLITE:
            size = f"--size {fly.VOLUME_GB} --snapshot-retention {fly.SNAPSHOT_DAYS}"
            create = f"fly volumes create {plan.volume} --region {plan.region} {size} --app {plan.app} --yes"
            return Step(f"The volume, {_BEFORE}", (create,), ("It belongs to one machine, on one host.",))


def _managed(plan: Plan) -> Step:
    size = f"--plan Basic --volume-size {fly.MANAGED_GB}"
    commands = (
        f"fly mpg create --name {plan.app}-db --region {plan.region} {size}",
        "fly mpg list",
        f"fly mpg attach CLUSTER_ID --app {plan.app}",
    )
    return Step(f"The database, {_BEFORE}", commands, (_PRINTS, "CLUSTER_ID: what list shows."))


def _unmanaged(plan: Plan) -> Step:
    size = f"--initial-cluster-size 1 --vm-size shared-cpu-1x --volume-size {fly.VOLUME_GB}"
    commands = (
        f"fly postgres create --name {plan.app}-db --region {plan.region} {size}",
        f"fly postgres attach {plan.app}-db --app {plan.app}",
    )
    supported = "The support of Fly does not help with it. create prints a password too."
    return Step(f"The database, {_BEFORE}", commands, (_PRINTS, supported))


def _key(plan: Plan) -> Step:
    return Step(
        "Your key, as a secret",
        (
            "key=$(turbo-server keys generate)",
            f"printf 'TURBO_API_KEY=%s\\n' \"$key\" | fly secrets import --stage --app {plan.app}",
        ),
        (
            "It goes through a pipe: no command line, no history and no file has it. Stay in this terminal until 7.",
            "With --stage it waits for the deploy: there is nothing to restart yet.",
        ),
    )


def _deploy(plan: Plan) -> Step:
    command = f"fly deploy --config {plan.config} --app {plan.app} --primary-region {plan.region} --ha=false"
    migrates = "The server migrates the file when it starts: a release command has no volume."
    if plan.store is not Store.SQLITE:
        migrates = "First turbo-server migrate runs on a machine of its own. If that fails, nothing is replaced."
    return Step("Deploy", (command,), ("Without --ha=false there would be two machines.", migrates))


def _client(plan: Plan) -> Step:
    return Step(
        "Claude Code on this machine",
        (
            f"printf '%s\\n' \"$key\" | turbo-client login --url https://{plan.host} --with-token",
            "unset key",
            "turbo-client install",
        ),
        ("login makes a key for this machine from yours. Fly keeps yours, and nobody can read it there.",),
    )


def _web(plan: Plan) -> list[Step]:
    if plan.web is None:
        return []
    settings = f"--env TURBO_API_URL=http://{plan.app}.flycast:8080"
    where = f"--config frontend/fly.toml --app {plan.web} --primary-region {plan.region}"
    return [
        Step(
            f"The web page, as an app of its own: {plan.web}",
            (
                f"fly ips allocate-v6 --private --app {plan.app}",
                f"fly apps create {plan.web}",
                f"fly deploy {where} --ha=false {settings}",
                f"printf 'TURBO_WEB_URL=https://{plan.web}.fly.dev\n' | fly secrets import --app {plan.app}",
                f"curl --fail-with-body --max-time 60 https://{plan.web}.fly.dev/health",
                "turbo-client web",
            ),
            (
                f"It asks {plan.app} over the private network. allocate-v6 makes the address that wakes it there.",
                "The build takes some minutes: it makes the page too.",
                "TURBO_WEB_URL is no secret, but so it lasts: it is where links and turbo-client web lead.",
            ),
        )
    ]


def _domain(plan: Plan) -> list[Step]:
    if plan.domain is None:
        return []
    records = (
        "At your DNS provider set what add shows: for a subdomain one of",
        "  CNAME to the name that it shows, or A and AAAA to the addresses that it shows.",
        "Behind a proxy such as that of Cloudflare also the TXT record _fly-ownership, which setup shows.",
        "check says when the certificate is there: some minutes after the records.",
    )
    return [
        Step(
            f"Your own name: {plan.domain}",
            (
                f"fly certs add {plan.domain} --app {plan.app}",
                f"fly certs setup {plan.domain} --app {plan.app}",
                f"fly certs check {plan.domain} --app {plan.app}",
                f"curl --fail-with-body --max-time 60 https://{plan.domain}/ready",
            ),
            records,
        ),
        Step(
            "Each machine on the new name",
            (f"turbo-client login --url https://{plan.domain}",),
            ("A key that is stored for one address is never sent to another, so log in again.",),
        ),
    ]
