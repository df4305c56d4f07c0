"""DATABASE_URL as hosts write it."""

from collections.abc import Callable

import pytest

from tests.server.harness import Turbo
from turbo_server.kit.database_url import BadDatabaseUrl, read_postgres_url
from turbo_server.migrations.migrate import migrate
from turbo_server.settings import BadSettings, read_settings


@pytest.mark.parametrize(
    ("url", "dsn", "is_pooled", "ignored"),
    [
        (
            "postgres://u:p@app.flycast:5432/db?sslmode=disable",  # fly postgres attach
            "postgresql://u:p@app.flycast:5432/db?sslmode=disable", False, (),
        ),
        (
            "postgresql://fly-user:p@pgbouncer.x1.flympg.net/fly-db",  # fly mpg attach
            "postgresql://fly-user:p@pgbouncer.x1.flympg.net/fly-db", True, (),
        ),
        ("postgres://u:p@h/db?pgbouncer=true", "postgresql://u:p@h/db", True, ()),
        ("postgres://u:p@h/db?pgbouncer=false", "postgresql://u:p@h/db", False, ()),
        ("postgres://u:p@h/db?statement_cache_size=0", "postgresql://u:p@h/db", True, ()),
        ("postgresql+asyncpg://u:p@h/db?ssl=require", "postgresql://u:p@h/db?sslmode=require", False, ()),
        ("postgres://u:p@h/db?ssl=false", "postgresql://u:p@h/db?sslmode=disable", False, ()),
        (
            "postgres://u:p@h/db?schema=public&connection_limit=5&sslmode=require&channel_binding=require",
            "postgresql://u:p@h/db?sslmode=require", False, ("schema", "connection_limit", "channel_binding"),
        ),
        ("postgres://u:p%40ss%2F@[fdaa::3]:5433/db", "postgresql://u:p%40ss%2F@[fdaa::3]:5433/db", False, ()),
        ("postgresql://test@/x?host=/tmp/pg", "postgresql://test@/x?host=%2Ftmp%2Fpg", False, ()),
        (" postgres://u:p@h/db#x ", "postgresql://u:p@h/db", False, ()),
    ],
)  # fmt: skip
def test_every_form_becomes_one_that_the_driver_takes(
    url: str, dsn: str, is_pooled: bool, ignored: tuple[str, ...]
) -> None:
    address = read_postgres_url(url)
    assert (address.dsn, address.is_pooled, address.ignored) == (dsn, is_pooled, ignored)
    assert "p@" not in repr(address)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://u:secret@h/db?sslmod=require", "sslmod is unknown"),
        ("postgres://u:secret@h/db?sslmode=reqire", "sslmode must be one of"),
        ("postgres://u:secret@h:port/db", "host or port"),
        ("postgres://u:se/cret@h/db", "host or port"),
        ("postgres://u:secret@[h/db", "host or port"),
        ("mysql://u:secret@h/db", "must begin with postgres://"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_repeating_the_password(url: str, says: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=says) as refused:
        read_postgres_url(url)
    with pytest.raises(BadSettings) as told:
        read_settings({"DATABASE_URL": url})
    for error in (refused.value, told.value):
        assert "cret" not in str(error)
        assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize("more", ["&sslmode=prefer", "&pgbouncer=true", "&statement_cache_size=0", "&schema=public"])
def test_calls_and_migrations_both_take_it(make_database: Callable[[str], str], more: str) -> None:
    url = make_database("postgres") + more
    migrate(url)
    with Turbo(url.replace("postgresql:", "postgres:")) as turbo:
        assert turbo.call("create_project", key="TURBO", name="x")["key"] == "TURBO"
