"""Connections to Postgres and queries of the current snapshot. Errors tell what to do and hold no password."""

import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from spark_assets.errors import PostgresAwayError, PublishError, SettingsError
from spark_assets.secrets import secret

APPLICATION = "encore-publish"
"""What Postgres calls the publisher's connections."""

_ADDRESS = re.compile(r"postgres(ql)?://([^@/?#]*@)?[^@/?#]*/[^@/?#]+(\?[^@#]*)?")
_PASSING = (
    "refused",
    "starting up",
    "shutting down",
    "not yet accepting",
    "recovery mode",
    "timeout",
    "timed out",
    "closed the conn",
    "reset by peer",
    "EOF detected",
    "No route to host",
    "unreachable",
    "Temporary failure in name resolution",
    "cannot connect to server",  # PgBouncer, whose server is away
    "session is read-only",  # with target_session_attrs=read-write
)
"""What is said of a server that is about to come or go, while its address moves to another one among it."""
_READ_ONLY = "25006"
"""SQLSTATE of a server that has become, or not yet ceased to be, the standby of another."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
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


def storable_text(text: str) -> str:
    """Return a text with U+FFFD for what PostgreSQL cannot store: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", text)


def jsonb_text(value: object) -> str:
    """Return `value` as JSON that `jsonb` takes: numbers that are not finite become null."""
    return json.dumps(_storable(value), allow_nan=False)


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {storable_text(str(name)): _storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value


@contextmanager
def connect(url: str, application: str = APPLICATION) -> Iterator[Connection]:
    """Open a connection in autocommit mode and close it at the end.

    Raises:
        SettingsError: `url` is no address.
        PublishError: the server refuses.
        PostgresAwayError: it does not answer, restarts, takes no writes, or ended the connection within the block.
    """
    try:
        # A firewall forgets a connection that is idle for minutes; the publish lock's may be.
        connection = psycopg2.connect(
            check_url(url), application_name=application, connect_timeout=10, keepalives_idle=60
        )
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
        if error.pgcode == _READ_ONLY:
            raise PostgresAwayError(
                f"Postgres at {describe(url)} takes no writes: it is the standby of another server."
            ) from error
        raise
    finally:
        connection.close()


def mean_probability(url: str, horizon_days: int | None) -> float | None:
    """Mean churn probability of the current snapshot; None without one, or when it looks another way ahead."""
    statement = (
        "SELECT (SELECT avg(churn_probability) FROM current_customer) FROM snapshot "
        "JOIN current_snapshot USING (snapshot_id) WHERE horizon_days = %s"
    )
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement, (horizon_days,))
        found = cursor.fetchone()
    return float(found[0]) if found and found[0] is not None else None
