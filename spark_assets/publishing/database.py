"""Connections to Postgres, with errors that a person can act on and that hold no password."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from spark_assets.environment import secret
from spark_assets.errors import PostgresAwayError, PublishError, SettingsError

_ADDRESS = re.compile(r"postgres(ql)?://([^@/?#]*@)?[^@/?#]*/[^@/?#]+(\?[^@#]*)?")
_PASSING = (
    "refused",
    "starting up",
    "shutting down",
    "not yet accepting",
    "recovery mode",
    "timeout",
    "closed the conn",
)
"""What a server says that is about to come or go."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def publisher_url(environ: Mapping[str, str] = os.environ) -> str:
    """The address to publish to: `PUBLISH_DATABASE_URL`, else `DATABASE_URL`; each may lie in the file of `..._FILE`.

    Raises:
        SettingsError: neither is set, one is no address, or its file cannot be read.
    """
    return check_url(publisher_url_if_any(environ))


def publisher_url_if_any(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the same unchecked, or None where there is no database."""
    return secret("PUBLISH_DATABASE_URL", environ) or secret("DATABASE_URL", environ)


def check_url(url: str | None) -> str:
    """Return `url` if it can be a PostgreSQL address.

    Raises:
        SettingsError: says what is wrong with `DATABASE_URL`, without its password.
    """
    if not url:
        raise SettingsError(
            "DATABASE_URL is not set. `make` targets set it; by hand, give postgresql://user:password@host:port/name."
        )
    if not _ADDRESS.fullmatch(url) or _STRAY_PERCENT.search(url):
        raise SettingsError(
            "DATABASE_URL must read postgresql://user:password@host:port/name, with @ / ? # and % in user and password "
            f"written as %40 %2F %3F %23 and %25; got {describe(url)}."
        )
    return url


def describe(url: str) -> str:
    """The address without user, password and options, for messages, however badly it is written."""
    scheme, separator, rest = url.partition("://")
    place = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}://{place}" if separator else "no address"


@contextmanager
def connect(url: str, application: str = "encore-publish") -> Iterator[Connection]:
    """Open a connection in autocommit mode and close it at the end.

    Raises:
        SettingsError: `url` is no address.
        PublishError: the server refuses.
        PostgresAwayError: it does not answer, restarts, or ended the connection within the block.
    """
    try:
        connection = psycopg2.connect(check_url(url), application_name=application, connect_timeout=10)
    except (psycopg2.OperationalError, psycopg2.ProgrammingError) as error:
        reason = [line for line in str(error).splitlines() if line.strip() and not line.startswith("\t")][-1]
        kind = PostgresAwayError if any(word in reason for word in _PASSING) else PublishError
        raise kind(f"Cannot reach Postgres at {describe(url)} (DATABASE_URL): {reason}") from None
    connection.autocommit = True
    try:
        yield connection
    except psycopg2.Error as error:
        if connection.closed:
            raise PostgresAwayError(f"Postgres at {describe(url)} ended the connection.") from error
        raise
    finally:
        connection.close()
