from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from deploy.local.backup.database import beside
from deploy.local.console import LocalError
from deploy.local.postgres import EmbeddedPostgres


@pytest.fixture
def url(server: EmbeddedPostgres) -> Iterator[str]:
    """A database of the owner's with one table, beside `encore`."""
    server.role_urls()
    owner = str(server.url)
    made = urlunsplit(urlsplit(owner)._replace(path="/shop"))
    run(owner, "CREATE DATABASE shop")
    run(made, "CREATE TABLE kept AS SELECT 'old' AS word")
    yield made
    for name in databases(owner):
        run(owner, f'DROP DATABASE "{name}" WITH (FORCE)')


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def databases(url: str) -> list[str]:
    return [str(name) for (name,) in run(url, "SELECT datname FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1")]


def word(url: str) -> object:
    return run(url, "SELECT word FROM kept")[0][0]


def fill(url: str) -> None:
    run(url, "CREATE TABLE kept AS SELECT 'new' AS word")


def test_takes_over_and_leaves_the_old_one_until_it_is_dropped(url: str, server: EmbeddedPostgres) -> None:
    done: list[str] = []
    with beside(url, ["encore"]) as new:
        fill(new.new_url)
        assert word(url) == "old"
        new.take_over(lambda: done.append("lake"))
        assert (word(url), done) == ("new", ["lake"])
        assert databases(str(server.url)) == ["shop", new.old_name]
        new.drop_old()
    assert databases(str(server.url)) == ["shop"]


def test_what_fails_meanwhile_leaves_all_as_it_was(url: str, server: EmbeddedPostgres) -> None:
    def fail() -> None:
        raise OSError("no room")

    with beside(url, ["encore"]) as new:
        fill(new.new_url)
        with pytest.raises(OSError, match="no room"):
            new.take_over(fail)
    assert word(url) == "old"
    assert databases(str(server.url)) == ["shop"]


def test_whoever_is_connected_is_named(url: str, server: EmbeddedPostgres) -> None:
    portal = urlunsplit(urlsplit(server.role_urls().portal)._replace(path="/shop"))
    refused = pytest.raises(LocalError, match=r"shop has connections \(1 of encore, 1 of encore_portal\)")
    with closing(psycopg2.connect(url)), closing(psycopg2.connect(portal)), refused, beside(url, ["encore"]):
        pass
    with beside(url, ["encore"]) as new:
        fill(new.new_url)
        with closing(psycopg2.connect(url)), pytest.raises(LocalError, match="stop portal, follower and Dagster"):
            new.take_over(lambda: None)
    assert word(url) == "old"
    assert databases(str(server.url)) == ["shop"]


def test_missing_roles_are_named(url: str) -> None:
    refused = pytest.raises(LocalError, match=r'lacks roles of .*\(somebody\).*roles\.sql.*CREATE ROLE "somebody"$')
    with refused, beside(url, ["encore", "encore_portal", "somebody"]):
        pass


def test_a_role_that_may_make_no_database_is_told_what_to_do(url: str, server: EmbeddedPostgres) -> None:
    publisher = urlsplit(server.role_urls().publisher)._replace(path="/shop")
    with pytest.raises(LocalError, match='ALTER ROLE "encore_snapshots" CREATEDB'), beside(urlunsplit(publisher), []):
        pass
