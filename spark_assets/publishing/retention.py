"""Removing partitions of `customer_snapshot` that no snapshot names, without long waits for other transactions."""

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.publishing import partitions
from spark_assets.publishing.waiting import execute_within, holders_of

MAX_WAIT_SECONDS = 10.0
"""Detaching waits for each transaction that has read the table: a report or `pg_dump` may take hours."""

_TABLE = CUSTOMER_SNAPSHOT.name


def drop_old(cursor: Cursor, url: str, keep: int) -> tuple[list[int], str | None]:
    """Drop all snapshots but the newest `keep`; returns their numbers, and in words which partition has to wait.

    Their rows in `snapshot` go first, so nobody begins to read them. A partition that others still hold stays for a
    later publish, which removes it as it removes what a dead one left.
    """
    cursor.execute(
        "DELETE FROM snapshot WHERE snapshot_id IN "
        "(SELECT snapshot_id FROM snapshot ORDER BY snapshot_id DESC OFFSET %s) RETURNING snapshot_id",
        (keep,),
    )
    return sorted(row[0] for row in cursor.fetchall()), remove_orphans(cursor, url)


def remove_orphans(cursor: Cursor, url: str) -> str | None:
    """Remove stages and partitions that belong to no snapshot; returns in words what has to wait, and for whom.

    A publish leaves them when it dies while it fills, before the pointer moves or in retention, or when a transaction
    held its old partition.
    """
    for name in _detach_pending(cursor):
        # PostgreSQL begins no other detach before this one is finished.
        if not _alter(url, name, "FINALIZE"):
            return _waiting(cursor, name)
    for snapshot_id in partitions.attached(cursor, CUSTOMER_SNAPSHOT):
        name = partitions.partition_name(CUSTOMER_SNAPSHOT, snapshot_id)
        if not _is_known(cursor, snapshot_id) and not _alter(url, name, "CONCURRENTLY"):
            return _waiting(cursor, name)
    for name in partitions.leftovers(cursor, CUSTOMER_SNAPSHOT):
        statement = sql.SQL("DROP TABLE {}").format(sql.Identifier(name)).as_string(cursor)
        if not execute_within(url, statement, MAX_WAIT_SECONDS):
            return _waiting(cursor, name)
    return None


def _is_known(cursor: Cursor, snapshot_id: int) -> bool:
    cursor.execute("SELECT FROM snapshot WHERE snapshot_id = %s", (snapshot_id,))
    return bool(cursor.rowcount)


def _detach_pending(cursor: Cursor) -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = %s::regclass AND i.inhdetachpending",
        (_TABLE,),
    )
    return [name for (name,) in cursor.fetchall()]


def _alter(url: str, partition: str, how: str) -> bool:
    """Detach a partition without making readers wait; False when others held it for too long."""
    return execute_within(url, f'ALTER TABLE {_TABLE} DETACH PARTITION "{partition}" {how}', MAX_WAIT_SECONDS)


def _waiting(cursor: Cursor, partition: str) -> str:
    holders = holders_of(cursor, [_TABLE, partition]) or "an open transaction of this database"
    return f"Partition {partition} waits for {holders}; a later publish removes it."
