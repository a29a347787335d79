"""What a database of Encore's holds, as a backup notes it and a restore compares it."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from deploy.local.database import connected

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
