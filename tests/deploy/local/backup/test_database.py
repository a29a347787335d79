from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from deploy.local.backup import database
from deploy.local.postgres import EmbeddedPostgres


@pytest.fixture
def url(server: EmbeddedPostgres) -> Iterator[str]:
    """An empty database of the owner's."""
    server.role_urls()
    with closing(psycopg2.connect(str(server.url))) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("CREATE DATABASE held")
            yield urlunsplit(urlsplit(str(server.url))._replace(path="/held"))
            cursor.execute("DROP DATABASE held WITH (FORCE)")


@pytest.fixture
def cursor(url: str) -> Iterator[Cursor]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        yield cursor


def test_an_empty_database_holds_nothing(url: str, cursor: Cursor) -> None:
    assert database.counted_rows(cursor) == {}
    assert database.current_snapshot(cursor) is None
    assert database.erased_customers(url) == set()


def test_rows_of_each_partition_and_of_other_schemas(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE parted (id integer) PARTITION BY LIST (id)")
    cursor.execute("CREATE TABLE parted_s1 PARTITION OF parted FOR VALUES IN (1)")
    cursor.execute("INSERT INTO parted SELECT 1 FROM generate_series(1, 3)")
    cursor.execute('CREATE SCHEMA "other one"')
    cursor.execute('CREATE TABLE "other one"."Odd" ()')
    assert database.counted_rows(cursor) == {"other one.Odd": 0, "public.parted_s1": 3}


def test_the_snapshot_that_readers_see(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE snapshot (snapshot_id bigint, as_of_date date, published_at timestamptz)")
    cursor.execute("CREATE TABLE current_snapshot (snapshot_id bigint)")
    assert database.current_snapshot(cursor) is None
    cursor.execute("INSERT INTO snapshot VALUES (1, '2018-11-24', now()), (2, '2018-12-01', '2018-12-02 04:00Z')")
    cursor.execute("INSERT INTO current_snapshot VALUES (2)")
    found = database.current_snapshot(cursor)
    assert found is not None
    assert (found["snapshot_id"], found["as_of_date"]) == (2, "2018-12-01")


def test_roles_that_own_or_were_granted_something(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE plain ()")
    assert database.roles_used(cursor) == ["encore"]
    cursor.execute("GRANT SELECT ON plain TO encore_portal, PUBLIC")
    cursor.execute("CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    cursor.execute("GRANT EXECUTE ON FUNCTION one() TO encore_publisher")
    cursor.execute("GRANT CREATE ON SCHEMA public TO encore_snapshots")
    assert database.roles_used(cursor) == ["encore", "encore_portal", "encore_publisher", "encore_snapshots"]


def test_who_was_erased(url: str, cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE erased_customer AS SELECT unnest(ARRAY['7', '8']) AS customer_number")
    assert database.erased_customers(url) == {"7", "8"}
