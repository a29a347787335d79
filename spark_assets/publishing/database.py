"""Connections to Postgres, with errors that a person can act on and that hold no password."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from spark_assets.errors import PublishError, SettingsError

SCHEMES = ("postgres", "postgresql")


def check_url(url: str | None) -> str:
    """Return `url` if it can be a PostgreSQL address.

    Raises:
        SettingsError: says what is wrong with `DATABASE_URL`, without its password.
    """
    if not url:
        raise SettingsError(
            "DATABASE_URL is not set. `make` targets set it; by hand, give postgresql://user:password@host:port/name."
        )
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise SettingsError(f"DATABASE_URL must read postgresql://user:password@host:port/name, got {describe(url)}.")
    return url


def describe(url: str) -> str:
    """The address without user and password, for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme or '?'}://{parts.hostname or '?'}:{_port(url)}{parts.path}"


def _port(url: str) -> str:
    try:
        return str(urlsplit(url).port or 5432)
    except ValueError:
        return "?"


@contextmanager
def connect(url: str, application: str = "encore-publish") -> Iterator[Connection]:
    """Open a connection in autocommit mode and close it at the end.

    Raises:
        PublishError: the server does not answer or refuses.
    """
    try:
        connection = psycopg2.connect(url, application_name=application, connect_timeout=10)
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise PublishError(f"Cannot reach Postgres at {describe(url)} (DATABASE_URL): {reason}") from None
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()
