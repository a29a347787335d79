"""Publish one snapshot: fill a new partition aside, attach it, then move the pointer in one transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from pyspark.sql import DataFrame

from spark_assets.contracts import (
    CURRENT_SNAPSHOT,
    CUSTOMER_SNAPSHOT,
    ERASED_CUSTOMER,
    FAILED_RUN,
    SNAPSHOT,
    SnapshotSummary,
)
from spark_assets.contracts.explaining import ModelFacts
from spark_assets.errors import PublishError
from spark_assets.publishing import partitions
from spark_assets.publishing.database import connect
from spark_assets.publishing.failures import clear_failure
from spark_assets.publishing.staging import copy_to_stages

_LOCK = 0x656E636F7265  # "encore": one publish at a time in a database


@dataclass(frozen=True)
class SnapshotFacts:
    """What the `snapshot` row says beside counts and times."""

    as_of_date: date
    data_from: date
    horizon_days: int
    model_version: str | None
    model_note: str | None
    dagster_run_id: str
    model_facts: ModelFacts | None
    model_card: dict[str, Any] | None = None


@dataclass(frozen=True)
class Published:
    """The new current snapshot."""

    snapshot_id: int
    customer_rows: int
    scored_rows: int
    summary: SnapshotSummary
    dropped: list[int]
    """Old snapshots that retention dropped."""


RowsOf = Callable[[int], DataFrame]
"""Rows of `customer_snapshot` for a snapshot number."""

Summarise = Callable[[DataFrame], SnapshotSummary]


def publish(url: str, rows_of: RowsOf, summarise: Summarise, facts: SnapshotFacts, keep: int) -> Published:
    """Publish, or leave the old snapshot as it is.

    Readers see the old snapshot until the last transaction commits, and the new one whole after it. `keep` snapshots
    stay, the new one included.

    Raises:
        PublishError: the database cannot be reached, is not migrated, is being published to, or lost rows.
    """
    with connect(url) as connection, _only_publisher(connection), connection.cursor() as cursor:
        for table in (SNAPSHOT, CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, FAILED_RUN):
            partitions.check_contract(cursor, table)
        _clean_up_after_the_dead(cursor)
        snapshot_id = _next_id(cursor)
        customers = rows_of(snapshot_id).cache()
        try:
            count = _fill_partition(cursor, url, customers, snapshot_id)
            summary = summarise(customers)
        finally:
            customers.unpersist()
        # Nobody is shown the partition yet; `_make_current` is what readers notice.
        partitions.attach(cursor, CUSTOMER_SNAPSHOT, snapshot_id)
        partitions.wait_for_planned_queries(cursor, CUSTOMER_SNAPSHOT)
        count = _make_current(connection, snapshot_id, facts, summary, count)
        partitions.drop_leftovers(cursor, CUSTOMER_SNAPSHOT)
        dropped = _drop_old(cursor, keep)
    return Published(snapshot_id, count, summary["scored"], summary, dropped)


@contextmanager
def _only_publisher(connection: Connection) -> Iterator[None]:
    with connection.cursor() as cursor:
        # Else the server finishes what a killed publisher had asked for, and refuses its next try for so long.
        cursor.execute("SET client_connection_check_interval = '2s'")
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
        if cursor.fetchone() != (True,):
            raise PublishError("Another run is publishing to this database: wait for it to end, then run again.")
        try:
            yield
        finally:
            # Closing the connection frees it too, but only some time after we went on.
            with suppress(psycopg2.Error):
                cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _next_id(cursor: Cursor) -> int:
    cursor.execute("SELECT nextval('snapshot_id_seq')")
    (number,) = cursor.fetchall()[0]
    return int(number)


def _fill_partition(cursor: Cursor, url: str, customers: DataFrame, snapshot_id: int) -> int:
    stages = copy_to_stages(customers, url, CUSTOMER_SNAPSHOT.name, snapshot_id)
    partition, moved = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, snapshot_id, stages)
    expected = customers.count()
    if moved != expected:
        raise PublishError(f"Spark had {expected} customers, Postgres took {moved}: nothing was published.")
    partitions.build_indexes(cursor, CUSTOMER_SNAPSHOT, partition)
    return moved


def _make_current(
    connection: Connection, snapshot_id: int, facts: SnapshotFacts, summary: SnapshotSummary, rows: int
) -> int:
    """The one transaction that readers notice; returns how many customers they see."""
    connection.autocommit = False
    try:
        with connection, connection.cursor() as cursor:
            rows -= _delete_erased(cursor, snapshot_id)
            values = {
                "snapshot_id": snapshot_id,
                **vars(facts),
                "customer_rows": rows,
                "scored_rows": summary["scored"],
                "published_at": datetime.now(UTC),
                "summary": json.dumps(summary),
                "model_facts": json.dumps(facts.model_facts) if facts.model_facts else None,
                "model_card": json.dumps(facts.model_card) if facts.model_card else None,
            }
            columns = SNAPSHOT.column_names
            cursor.execute(
                sql.SQL("INSERT INTO snapshot ({}) VALUES ({})").format(
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
                ),
                [values[name] for name in columns],
            )
            cursor.execute(
                "INSERT INTO current_snapshot (singleton, snapshot_id) VALUES (1, %s) "
                "ON CONFLICT (singleton) DO UPDATE SET snapshot_id = excluded.snapshot_id",
                (snapshot_id,),
            )
            clear_failure(cursor)
    finally:
        connection.autocommit = True
    return rows


def _delete_erased(cursor: Cursor, snapshot_id: int) -> int:
    """Delete from the new partition who was erased while it was being made; returns how many these were.

    The lock waits for erasures that are under way and holds up new ones until the pointer has moved: the former are
    seen here, the latter find the partition attached and delete from it themselves.
    """
    cursor.execute(f"LOCK TABLE {ERASED_CUSTOMER} IN SHARE MODE")
    cursor.execute(
        f"DELETE FROM {CUSTOMER_SNAPSHOT.name} WHERE snapshot_id = %s "  # noqa: S608 - names of the contract
        f"AND customer_number IN (SELECT customer_number FROM {ERASED_CUSTOMER})",
        (snapshot_id,),
    )
    return int(cursor.rowcount)


def _clean_up_after_the_dead(cursor: Cursor) -> None:
    """Drop what an earlier publish left when it died, be it in filling, before the pointer moved, or in retention."""
    partitions.finish_detach(cursor, CUSTOMER_SNAPSHOT)
    partitions.drop_leftovers(cursor, CUSTOMER_SNAPSHOT)
    cursor.execute("SELECT snapshot_id FROM snapshot")
    known = {row[0] for row in cursor.fetchall()}
    for snapshot_id in partitions.attached(cursor, CUSTOMER_SNAPSHOT):
        if snapshot_id not in known:
            partitions.drop_snapshot(cursor, CUSTOMER_SNAPSHOT, snapshot_id)


def _drop_old(cursor: Cursor, keep: int) -> list[int]:
    cursor.execute("SELECT snapshot_id FROM snapshot ORDER BY snapshot_id DESC OFFSET %s", (keep,))
    old = sorted(row[0] for row in cursor.fetchall())
    for snapshot_id in old:
        partitions.drop_snapshot(cursor, CUSTOMER_SNAPSHOT, snapshot_id)
        cursor.execute("DELETE FROM snapshot WHERE snapshot_id = %s", (snapshot_id,))
    return old
