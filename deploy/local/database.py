"""Connecting to Postgres, with errors that a person can act on and that never show a password."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from deploy.local.errors import LocalError

OLDEST_VERSION = 15
CONNECT_TIMEOUT_S = 5
FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"


@dataclass(frozen=True)
class Target:
    """The parts of a connection URL that may be shown."""

    host: str
    port: int
    name: str

    def __str__(self) -> str:
        return f"host {self.host}, port {self.port}, database {self.name}"


def parse(url: str) -> Target:
    """Return the shown parts of a connection URL.

    Raises:
        LocalError: the URL does not have the form of one.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        raise LocalError(
            _malformed("its host or port cannot be read; signs such as @ / # in a password are written %40 %2F %23")
        ) from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise LocalError(_malformed("it does not begin with postgresql://"))
    if not parts.hostname or len(parts.path) < 2:
        raise LocalError(_malformed("it names no host or no database"))
    return Target(parts.hostname, port, unquote(parts.path[1:]))


def _malformed(reason: str) -> str:
    return f"DATABASE_URL is not of the form {FORM}: {reason}."


def check(url: str) -> None:
    """Connect once to the user's database.

    Raises:
        LocalError: naming host, port, database and the reason, on one line.
    """
    with connected(url, "Connecting to DATABASE_URL") as connection:
        version = major_of(connection)
    if version < OLDEST_VERSION:
        raise LocalError(
            f"DATABASE_URL ({parse(url)}) is PostgreSQL {version}: Encore needs {OLDEST_VERSION} or newer."
        )


@contextmanager
def connected(url: str, doing: str) -> Iterator[Connection]:
    """Yield a connection; what fails on it becomes an error that says what was being done.

    Raises:
        LocalError: naming host, port, database and the reason, on one line.
    """
    target = parse(url)
    try:
        with closing(psycopg2.connect(url, connect_timeout=CONNECT_TIMEOUT_S)) as connection:
            yield connection
    except psycopg2.Error as error:
        raise LocalError(f"{doing} failed ({target}): {_reason(error, urlsplit(url))}") from None


def major_of(connection: Connection) -> int:
    """Return the server's major version."""
    return connection.server_version // 10000


def _reason(error: psycopg2.Error, parts: SplitResult) -> str:
    """Return what the driver says, on one line and without the password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = " ".join(lines) or type(error).__name__
    if text.startswith("invalid"):  # the driver quotes the part it stumbled over, which may be the password
        return "the driver cannot read the URL"
    for secret in filter(None, (parts.password, unquote(parts.password or ""))):
        text = text.replace(secret, "***")
    return text


def ensure_owner_and_database(admin_url: str, url: str) -> None:
    """Make the role and the database that `url` names, as the superuser of `admin_url`.

    The role may create databases, for tests, and is no superuser: what Encore does must work on a managed database too.
    """
    if connects(url):
        return
    parts = urlsplit(url)
    role, name = sql.Identifier(str(parts.username)), sql.Identifier(parts.path[1:])
    try:
        with closing(psycopg2.connect(admin_url, connect_timeout=CONNECT_TIMEOUT_S)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                _unless_present(cursor, sql.SQL("CREATE ROLE {}").format(role))
                alter = sql.SQL("ALTER ROLE {} LOGIN CREATEDB PASSWORD {}")
                cursor.execute(alter.format(role, sql.Literal(parts.password)))
                _unless_present(cursor, sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
    except psycopg2.Error as error:
        raise LocalError(f"The embedded Postgres cannot be set up: {_reason(error, urlsplit(admin_url))}") from None


def connects(url: str) -> bool:
    """Tell whether the server lets in whom `url` names."""
    try:
        psycopg2.connect(url, connect_timeout=CONNECT_TIMEOUT_S).close()
    except psycopg2.OperationalError:
        return False
    return True


def _unless_present(cursor: "psycopg2.extensions.cursor", statement: sql.Composed) -> None:
    try:
        cursor.execute(statement)
    except (errors.DuplicateObject, errors.DuplicateDatabase):
        return
