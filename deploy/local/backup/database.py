"""The database in a backup: its content as noted and compared, and a new one filled beside the one in use."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from deploy.local.console import LocalError
from deploy.local.database import connected, parse

ERASED = "erased_customer"
DO_NOT_LOAD = "do_not_load.json"
_TABLES = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname, relname
"""
_ROLES = """
SELECT DISTINCT rolname FROM pg_roles JOIN (
    SELECT relowner AS role FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'
    UNION ALL
    SELECT (aclexplode(relacl)).grantee FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = 'public'
    UNION ALL
    SELECT (aclexplode(nspacl)).grantee FROM pg_namespace WHERE nspname = 'public'
    UNION ALL
    SELECT (aclexplode(proacl)).grantee FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = 'public'
) used ON used.role = pg_roles.oid
WHERE rolname !~ '^pg_' ORDER BY rolname
"""
_SNAPSHOT = """
SELECT snapshot_id, as_of_date::text, published_at::text FROM current_snapshot JOIN snapshot USING (snapshot_id)
"""


def counted_rows(cursor: Cursor) -> dict[str, int]:
    """Return the rows of each table, partitions for themselves, by `schema.table`."""
    cursor.execute(_TABLES)
    counts = {}
    for schema, table in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
        counts[f"{schema}.{table}"] = int(_one(cursor))
    return counts


def roles_used(cursor: Cursor) -> list[str]:
    """Return the roles that own something, or were granted something."""
    cursor.execute(_ROLES)
    return [name for (name,) in cursor.fetchall()]


def current_snapshot(cursor: Cursor) -> dict[str, Any] | None:
    """Return number, as-of date and time of publishing of what readers see; None before the first publish."""
    cursor.execute("SELECT to_regclass('current_snapshot')")
    if _one(cursor) is None:
        return None
    cursor.execute(_SNAPSHOT)
    found = cursor.fetchone()
    return dict(zip(("snapshot_id", "as_of_date", "published_at"), found, strict=True)) if found else None


def has_snapshot(url: str) -> bool:
    """Tell whether readers see anything."""
    with connected(url, "Looking for a snapshot") as connection, connection.cursor() as cursor:
        return current_snapshot(cursor) is not None


def erased_customers(url: str) -> set[str]:
    """Return the numbers of customers who were erased; none where there is no list of them."""
    with connected(url, "Reading who was erased") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [ERASED])
        if _one(cursor) is None:
            return set()
        cursor.execute(sql.SQL("SELECT customer_number FROM {}").format(sql.Identifier(ERASED)))
        return {number for (number,) in cursor.fetchall()}


def erased_by_lake(url: str, lake: Path) -> set[str]:
    """Return the customers of a database who are on the do-not-load list of a lake, which names nobody.

    The list holds SHA-256 of its salt and a number, as `spark_assets/lake/do_not_load.py` writes it.
    """
    if not (lake / DO_NOT_LOAD).exists():
        return set()
    listed = json.loads((lake / DO_NOT_LOAD).read_text(encoding="utf-8"))
    hashes = set(listed["hashes"])
    with connected(url, "Reading who was erased") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT customer_number FROM customer_snapshot")
        return {number for (number,) in cursor if sha256(f"{listed['salt']}{number}".encode()).hexdigest() in hashes}


def _one(cursor: Cursor) -> Any:  # noqa: ANN401 - whatever was asked for
    (value,) = cursor.fetchall()[0]
    return value


MAINTENANCE = "postgres"
"""The database to be connected to while others are made and renamed; every server has it."""
SNAPSHOTS = "encore_snapshots"
_DOING = "Making a database beside the one in use"


@dataclass(frozen=True)
class Replacement:
    """The database in use, and the new one beside it; both on one server, with one owner."""

    url: str
    """Of the database in use."""
    name: str
    """Of the new one."""

    @property
    def new_url(self) -> str:
        """Address of the new database, until it takes the other's name."""
        return _named(self.url, self.name)

    @property
    def old_name(self) -> str:
        """The name that the other has from then on."""
        return f"{self.name}_before"

    def take_over(self, meanwhile: Callable[[], None]) -> None:
        """Give each database the other's place, with what `meanwhile` does: both, or neither.

        Raises:
            LocalError: somebody is connected, or the server refused.
        """
        current = parse(self.url).name
        with _maintaining(self.url, "Putting the new database into place") as connection:
            refuse_company(connection, current)
            with connection, connection.cursor() as cursor:
                for name, new_name in ((current, self.old_name), (self.name, current)):
                    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                    cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(new_name)))
                meanwhile()

    def drop_old(self) -> None:
        """Delete what was replaced."""
        _drop(self.url, self.old_name)


@contextmanager
def beside(url: str, roles: list[str]) -> Iterator[Replacement]:
    """Yield an empty database beside the one at `url`; it goes with the block unless it took over.

    Raises:
        LocalError: the roles of the backup are not all there, the owner may make no database, or somebody is connected.
    """
    new = Replacement(url, f"{parse(url).name}_restored_{secrets.token_hex(4)}")
    with _maintaining(url, _DOING) as connection:
        connection.autocommit = True
        _refuse_missing(connection, roles)
        _refuse_powerless(connection)
        refuse_company(connection, parse(url).name)
        with connection.cursor() as cursor:
            # of template0: what somebody put into template1 would meet the backup's own
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(new.name)))
    try:
        _let_snapshots_in(new.new_url)
        yield new
    finally:
        _drop(url, new.name)


def refuse_company(connection: Connection, name: str) -> None:
    """Raise a LocalError when others are connected to a database: they would read and write what goes away."""
    with connection.cursor() as cursor:
        cursor.execute(
            # the server's own workers have no role; what kind of session another role has, is not ours to see
            "SELECT usename, count(*) FROM pg_stat_activity WHERE datname = %s AND usename IS NOT NULL"
            " AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 1",
            [name],
        )
        found = ", ".join(f"{count} of {role}" for role, count in cursor.fetchall())
    if found:
        raise LocalError(
            f"The database {name} has connections ({found}): stop portal, follower and Dagster, then run again."
        )


def _refuse_missing(connection: Connection, roles: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        missing = sorted(set(roles) - {name for (name,) in cursor.fetchall()})
        made = "; ".join(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)).as_string(cursor) for name in missing)
    if missing:
        raise LocalError(
            f"The server lacks roles of the backup ({', '.join(missing)}). Encore's own are made by "
            f"deploy/postgres/roles.sql; or, as an administrator, make each alone: {made}"
        )


def _refuse_powerless(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        role, may = cursor.fetchall()[0]
        change = sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(role)).as_string(cursor)
    if not may:
        raise LocalError(
            f"The role {role} may make no database, which restoring needs: as an administrator, {change}, and set "
            "MIGRATE_DATABASE_URL to it when it is not yet."
        )


def _let_snapshots_in(url: str) -> None:
    """Let the owner of partitions own tables already while they are loaded: grants come last in a dump."""
    with connected(url, _DOING) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [SNAPSHOTS])
        if cursor.rowcount:
            cursor.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(SNAPSHOTS)))


def _drop(url: str, name: str) -> None:
    with _maintaining(url, f"Dropping the database {name}") as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _maintaining(url: str, doing: str) -> Iterator[Connection]:
    with connected(_named(url, MAINTENANCE), doing) as connection:
        yield connection


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
