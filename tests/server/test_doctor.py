"""`turbo-server doctor` finds what is wrong, says what mends it, tells no secret, changes nothing, and never hangs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.server.doctoring import checks_of, wrong
from tests.server.harness import Turbo
from tests.server.live import clean_environment, turbo_server, turbo_server_here
from turbo_server.account.grants import Grant, Lifetime
from turbo_server.account.token import mint
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql

Ask = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def ask(turbo: Turbo, tmp_path: Path) -> Ask:
    """The checks by their names, of the turbo's database."""
    closed(turbo)

    def do(**extra: str) -> dict[str, dict[str, Any]]:
        environment = clean_environment(tmp_path, **{"DATABASE_URL": turbo.settings.database_url, **extra})
        del environment["TURBO_LOG_LEVEL"]
        return checks_of(turbo_server_here(environment, "doctor", "--json"))

    return do


def closed(turbo: Turbo) -> None:
    """As turbo-server makes its file; the tests' is a copy, which is not."""
    if turbo.settings.is_local:
        turbo.settings.sqlite_path.chmod(0o600)


def change(turbo: Turbo, statement: str, *values: object) -> None:
    async def do(db: Any) -> None:
        await db.fetch(sql(statement), *values)

    turbo.run(turbo.with_database(do))


def test_nothing_is_wrong_with_a_database_in_use(turbo: Turbo, ask: Ask) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="First")
    turbo.call("log_work", text="Did it", issue="TURBO-1")
    checks = ask()
    assert wrong(checks) == {}
    assert checks["keys"]["detail"] == "1 valid, 1 of them an owner's that may do everything"
    assert checks["search"]["detail"] == "it knows every item, comment and work log"
    assert {"database", "migrations", "key store", "time of the last change"} <= checks.keys()


def test_the_real_command_looks_like_the_clients(turbo: Turbo, tmp_path: Path) -> None:
    closed(turbo)
    environment = clean_environment(tmp_path, DATABASE_URL=turbo.settings.database_url, TURBO_LOG_FORMT="json")
    done = turbo_server(environment, "doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok       turbo-server: ")
    at = lines.index("WRONG    TURBO_LOG_FORMT: is set, and is no setting")
    assert lines[at + 1] == "         -> Did you mean TURBO_LOG_FORMAT?"
    assert done.stderr == f"1 of {sum(not line.startswith('  ') for line in lines)} checks found something wrong.\n"


def in_future(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    moment = datetime.now(UTC) + timedelta(hours=2)
    change(turbo, "update events set created_at = $1 returning id", moment)


def no_owner(turbo: Turbo) -> None:
    change(turbo, "update accounts set role = 'viewer' returning id")


def ends_soon(turbo: Turbo) -> None:
    turbo.person("grace", Grant(Scope.WRITE, Lifetime(datetime.now(UTC) + timedelta(days=3))))


def lost_entries(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="First")
    change(turbo, "delete from search_entries where kind = $1 returning id", "issue")


FINDINGS: list[tuple[Callable[[Turbo], object], str, str, str]] = [
    (in_future, "time of the last change", "ahead of this machine's clock", "set its time from the network"),
    (no_owner, "keys", "none of an owner's may do everything", "turbo-server keys create --name NAME"),
    (
        lambda turbo: change(turbo, "update api_keys set revoked_at = $1 returning id", datetime.now(UTC)),
        "keys", "none is valid: nobody can sign in", "turbo-server keys create --name NAME",
    ),
    (
        lambda turbo: change(turbo, "update api_keys set expires_at = $1 returning id", datetime.now(UTC)),
        "keys", "none is valid: nobody can sign in", "turbo-server keys create --name NAME",
    ),
    (ends_soon, "key 2", "test of grace ends on ", "turbo-server keys create --name 'grace'"),
    (lost_entries, "search", "it does not find 1 issue", "turbo-server reindex"),
    (
        lambda turbo: change(turbo, "update alembic_version set version_num = '0004' returning 1"),
        "migrations", "it is at 0004, this server needs ", "turbo-server migrate",
    ),
    (
        lambda turbo: change(
            turbo, "update alembic_version set version_num = '9999', oldest_code = '9999' returning 1"
        ),
        "migrations", "it is at 9999, and this server knows them up to ", "Install the turbo-server that migrated it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("provoke", "name", "detail", "remedy"), FINDINGS)
def test_what_is_wrong_inside_is_found(
    turbo: Turbo, ask: Ask, provoke: Callable[[Turbo], object], name: str, detail: str, remedy: str
) -> None:
    provoke(turbo)
    found = wrong(ask())
    assert list(found) == [name]
    assert detail in found[name]
    assert remedy in found[name].partition(" -> ")[2]


def test_a_database_that_was_only_added_to_is_no_trouble(turbo: Turbo, ask: Ask) -> None:
    change(turbo, "update alembic_version set version_num = '9999' returning 1")
    found = ask()
    assert wrong(found) == {}
    assert "which can work with it" in found["migrations"]["detail"]


def test_a_key_that_its_machine_renews_is_no_trouble(turbo: Turbo, ask: Ask) -> None:
    turbo.person("grace", Grant(Scope.WRITE, Lifetime(datetime.now(UTC) + timedelta(days=3), 30)))
    assert wrong(ask()) == {}


def test_the_owners_key_is_looked_up_as_a_call_would(turbo: Turbo, ask: Ask) -> None:
    key = turbo.ada.token
    assert ask(TURBO_API_KEY=key)["TURBO_API_KEY"]["detail"] == "is key 1 of this database"
    assert ask(TURBO_API_KEY=mint())["TURBO_API_KEY"]["ok"] is None
    peppered = wrong(ask(TURBO_API_KEY=key, TURBO_KEY_PEPPER="another"))
    assert "but TURBO_KEY_PEPPER is set now -> Take TURBO_KEY_PEPPER out again" in peppered["TURBO_API_KEY"]
    change(turbo, "update api_keys set revoked_at = $1 returning id", datetime.now(UTC))
    assert "was revoked in this database" in wrong(ask(TURBO_API_KEY=key))["TURBO_API_KEY"]


POSTGRES: list[tuple[str, str, str, str]] = [
    ("alter database {name} set default_transaction_read_only = on", "writable", "takes no writes", "the primary"),
    ("alter database {name} connection limit 4", "connections", "each server takes up to 10", "Raise max_connections"),
    ("alter database {name} set search_path = nowhere", "rights", "no schema is on the search path", "alter role USER"),
]


@pytest.mark.parametrize(("statement", "name", "detail", "remedy"), POSTGRES)
def test_what_is_wrong_with_postgres_is_found(
    make_database: Callable[[str], str], statement: str, name: str, detail: str, remedy: str
) -> None:
    url = make_database("postgres")
    database = url.partition("?")[0].rpartition("/")[2]
    with Turbo(url) as turbo:
        change(turbo, f"{statement.format(name=database)}")
        found = wrong(checks_of(turbo_server_here({"DATABASE_URL": url}, "doctor", "--json")))
    assert detail in found[name]
    assert remedy in found[name]


def test_a_user_with_too_few_rights(make_database: Callable[[str], str]) -> None:
    url = make_database("postgres")
    with Turbo(url) as turbo:
        change(turbo, "drop role if exists doctor_reader")
        change(turbo, "create role doctor_reader login")
        change(turbo, "grant select on issues to doctor_reader")
        mine = url.replace("//test@", "//doctor_reader@")
        if mine == url:
            pytest.skip("the server is somebody's, who decides who may log in")
        found = wrong(checks_of(turbo_server_here({"DATABASE_URL": mine}, "doctor", "--json")))
        change(turbo, "revoke all on issues from doctor_reader")
        change(turbo, "drop role doctor_reader")
    assert "may not read and write accounts, alembic_version" in found["rights"]
    assert "grant select, insert, update, delete on all tables in schema public to USER" in found["rights"]


def test_a_pooler_is_told(turbo: Turbo, ask: Ask) -> None:
    if turbo.settings.is_local:
        return
    url = turbo.settings.database_url
    checks = ask(DATABASE_URL=f"{url}{'&' if '?' in url else '?'}pgbouncer=true")
    assert checks["connections"]["detail"].startswith("through a pooler in transaction mode")
