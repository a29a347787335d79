"""Connections to Postgres, with errors that tell what to do and hide passwords, and the roles of the embedded one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from deploy.local.console import LocalError
from deploy.local.settings import read_or_create_secret

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


SCRIPT = Path(__file__).resolve().parents[1] / "postgres" / "roles.sql"
PUBLISHER = "encore_publisher"
PORTAL = "encore_portal"


@dataclass(frozen=True)
class RoleUrls:
    """Who connects as whom: the owner migrates."""

    owner: str
    publisher: str
    portal: str


def ensure_roles(admin_url: str, owner_url: str, folder: Path) -> RoleUrls:
    """Make the roles beside the owner as the superuser of `admin_url`, and return the URLs of all.

    Their passwords are kept in `folder`. What the roles may do is granted by `manage.py database_roles`.
    """
    urls = {role: _url_of(role, owner_url, folder) for role in (PUBLISHER, PORTAL)}
    if not all(map(connects, urls.values())):
        _run_script(admin_url, owner_url, urls)
    return RoleUrls(owner_url, urls[PUBLISHER], urls[PORTAL])


def _run_script(admin_url: str, owner_url: str, urls: dict[str, str]) -> None:
    try:
        with closing(psycopg2.connect(admin_url, connect_timeout=CONNECT_TIMEOUT_S)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('encore.owner', %s, false)", [urlsplit(owner_url).username])
                cursor.execute(SCRIPT.read_text(encoding="utf-8"))
                for role, url in urls.items():
                    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
                    cursor.execute(statement.format(sql.Identifier(role), sql.Literal(urlsplit(url).password)))
    except psycopg2.Error as error:
        raise LocalError(f"The roles of the embedded Postgres cannot be made: {error.diag.message_primary}") from None


def _url_of(role: str, owner_url: str, folder: Path) -> str:
    parts = urlsplit(owner_url)
    password = read_or_create_secret(folder / f"password-{role}", 24)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port}"))
