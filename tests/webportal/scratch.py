"""A migrated database of a test's own, for what needs real commits: a table that refuses to be emptied stays so."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection as django_connection
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from tests.webportal.browser.harness import manage, portal_environment, scratch_database, url_of


@contextmanager
def migrated_database() -> Iterator[str]:
    """Yield the URL of a fresh database with the portal's tables."""
    with scratch_database(url_of(settings.DATABASES["default"])) as url:
        manage(environment(url), "migrate", "-v", "0")
        yield url


def environment(url: str) -> dict[str, str]:
    """Return the environment of commands that work on the database at `url`."""
    return {**portal_environment(url), "ENCORE_HOME": os.environ.get("ENCORE_HOME", "")}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection of its own."""
    with closing(psycopg2.connect(url)) as connection:
        yield connection


def rows(url: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run one statement, commit, and return its rows."""
    with connected(url) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def django_at(url: str) -> Iterator[None]:
    """Have Django's models read and write the database at `url`, in every thread, with real commits."""
    used = django_connection.settings_dict
    before = used["NAME"]
    django_connection.close()
    used["NAME"] = urlsplit(url).path.lstrip("/")
    try:
        yield
    finally:
        django_connection.close()
        used["NAME"] = before
