"""Lists and searches from a replica: whoever has just written sees it, and a replica that is away is not missed."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.postgres import create_database
from tests.replica import Pair, primary_and_replica
from tests.server.harness import Person, Turbo
from tests.server.test_rest import Web
from turbo_server.account import key_store
from turbo_server.activity.replica_store import FARTHEST_BEHIND
from turbo_server.catalogue import ENDPOINTS, Catalogue
from turbo_server.kit.redaction import Redaction
from turbo_server.kit.replica import ANSWERED, AWAY, BEHIND, REFUSED
from turbo_server.kit.tool import Effect
from turbo_server.migrations.migrate import migrate
from turbo_server.settings import BadSettings, read_settings

LATER = FARTHEST_BEHIND + timedelta(seconds=1)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with primary_and_replica() as made:
        yield made


@pytest.fixture
def database(pair: Pair, request: pytest.FixtureRequest) -> str:
    url = create_database(pair.primary.url, f"turbo_{abs(hash(request.node.name))}")
    migrate(url)
    pair.catch_up()
    return url


@contextlib.contextmanager
def served(primary: str, replica: str, clock: Callable[[], datetime] | None = None) -> Iterator[Turbo]:
    with Turbo(primary, clock, database_replica_url=replica) as turbo:
        turbo.call("create_project", key="RED", name="Red")
        yield turbo


def outcome(turbo: Turbo, read: Callable[[], object]) -> str:
    """What became of the one read that a replica might have answered."""
    assert turbo.runner.replica is not None
    before = turbo.runner.replica.outcomes.copy()
    read()
    (only,) = (turbo.runner.replica.outcomes - before).elements()
    return only


def titles(person: Person) -> list[str]:
    return [each["title"] for each in person.call("list_issues", project="RED")["items"]]


def test_who_has_just_written_sees_it_and_others_may_see_it_later(pair: Pair, database: str) -> None:
    with served(database, pair.on_replica(database)) as turbo:
        bob = turbo.person("bob")
        turbo.call("create_issue", project="RED", title="Before")
        pair.catch_up()
        assert outcome(turbo, lambda: titles(turbo.ada)) == ANSWERED
        with pair.standing_still():
            turbo.call("create_issue", project="RED", title="After")
            assert outcome(turbo, lambda: titles(turbo.ada)) == BEHIND
            assert titles(turbo.ada) == ["After", "Before"]
            assert turbo.call("search", query="after")["items"]
            assert outcome(turbo, lambda: titles(bob)) == ANSWERED
            assert titles(bob) == ["Before"]  # so it was the replica
        pair.catch_up()
        assert outcome(turbo, lambda: titles(turbo.ada)) == ANSWERED
        assert titles(bob) == ["After", "Before"]


def test_a_replica_that_is_far_behind_is_not_asked_by_anybody(pair: Pair, database: str) -> None:
    moment = datetime.now(UTC)
    with served(database, pair.on_replica(database), lambda: moment) as turbo:
        bob = turbo.person("bob")
        pair.catch_up()
        with pair.standing_still():
            turbo.call("create_issue", project="RED", title="After")
            moment += LATER
            assert outcome(turbo, lambda: titles(bob)) == BEHIND
            assert titles(bob) == ["After"]


def test_only_the_primary_says_who_calls_and_what_he_sees(pair: Pair, database: str) -> None:
    with served(database, pair.on_replica(database)) as turbo:
        bob, carl = turbo.person("bob"), turbo.person("carl")
        turbo.call("create_issue", project="RED", title="Ours")
        pair.catch_up()
        assert outcome(turbo, lambda: titles(bob)) == ANSWERED
        with pair.standing_still():
            turbo.ada.ask("POST", "/v1/access", project="RED", private=True)
            assert bob.refused("list_issues", project="RED").status == 404
            assert bob.call("search", query="ours")["items"] == []
            turbo.run(turbo.with_database(lambda db: key_store.revoke(db, 3, datetime.now(UTC))))
            assert carl.refused("list_projects").status == 401


def test_a_replica_that_is_away_is_left_alone_for_a_while(database: str) -> None:
    with served(database, "postgres://nobody@127.0.0.1:1/turbo?sslmode=disable") as turbo:
        turbo.call("create_issue", project="RED", title="Here")
        assert outcome(turbo, lambda: titles(turbo.ada)) == AWAY
        with turbo.counting() as statements:
            assert titles(turbo.ada) == ["Here"]
        assert not any("count(*) from events" in each for each in statements)


def test_what_became_of_such_reads_is_counted(pair: Pair, database: str) -> None:
    with served(database, pair.on_replica(database)) as turbo:
        pair.catch_up()
        titles(turbo.ada)
        web = Web(turbo)
        told = web("GET", "/metrics", headers=web.bearer).text
    assert 'turbo_replica_reads_total{outcome="replica"} 1' in told
    assert 'turbo_replica_reads_total{outcome="behind"} 0' in told


def test_a_replica_without_our_tables_is_away(pair: Pair, database: str) -> None:
    empty = create_database(pair.primary.url, "turbo_empty")
    with served(database, empty) as turbo:
        assert outcome(turbo, lambda: turbo.call("list_projects")) == AWAY
        assert [each["key"] for each in turbo.call("list_projects")["items"]] == ["RED"]


def test_what_a_replica_refuses_the_primary_is_asked(pair: Pair, database: str) -> None:
    """A colleague's project, of a moment ago: the replica would say that there is none."""
    with served(database, pair.on_replica(database)) as turbo:
        bob = turbo.person("bob")
        pair.catch_up()
        with pair.standing_still():
            turbo.call("create_project", key="BLUE", name="Blue")
            assert outcome(turbo, lambda: bob.call("list_issues", project="BLUE")) == REFUSED


def test_without_a_replica_nothing_more_is_asked(turbo: Turbo) -> None:
    turbo.call("create_project", key="RED", name="Red")
    with turbo.counting() as statements:
        titles(turbo.ada)
    assert turbo.runner.replica is None
    assert not any("count(*) from events" in each for each in statements)


def test_only_lists_and_the_search_may_lag() -> None:
    tools = [*Catalogue().tools.values(), *(each.tool for each in ENDPOINTS)]
    lagging = {tool.name for tool in tools if tool.may_lag}
    assert lagging == {"list_issues", "list_items", "list_projects", "search"}
    assert all(tool.effect is Effect.READ for tool in tools if tool.may_lag)


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_REPLICA_URL": "postgres://u:secret@h/db"},
        {"DATABASE_URL": "postgres://h/db", "DATABASE_REPLICA_URL": "sqlite:///x.db"},
        {"DATABASE_URL": "postgres://h/db", "DATABASE_REPLICA_URL": "postgres://h/db?sslmod=require"},
    ],
)
def test_a_replica_is_a_postgres_of_a_postgres(environment: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="DATABASE_REPLICA_URL") as refused:
        read_settings(environment)
    assert "secret" not in str(refused.value)


def test_the_replicas_password_is_shown_nowhere() -> None:
    environment = {"DATABASE_URL": "postgres://h/db", "DATABASE_REPLICA_URL": "postgres://u:hunter2@h/db"}
    settings = read_settings(environment)
    assert settings.database_replica_url == environment["DATABASE_REPLICA_URL"]
    assert "hunter2" not in repr(settings) + Redaction(environment)("password hunter2 in a line")
