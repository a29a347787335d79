"""Publish one snapshot: fill a new partition aside, attach it, then move the pointer in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from psycopg2 import sql
from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, ERASED_CUSTOMER, FAILED_RUN, SNAPSHOT
from spark_assets.contracts.explanations import ModelFacts
from spark_assets.contracts.summary import SnapshotSummary
from spark_assets.errors import PublishError
from spark_assets.publishing import partitions, retention
from spark_assets.publishing.postgres import connect, jsonb_text
from spark_assets.publishing.publishable_rows import SET_ASIDE, SetAside, publishable_rows, set_aside_in, shortened_in
from spark_assets.publishing.run_status import clear_failure
from spark_assets.publishing.staging import copy_to_stages

_LOCK = 0x656E636F7265  # "encore": one publish at a time in a database
_IDLE_LIMITS = ["idle_in_transaction_session_timeout", "transaction_timeout"]


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
    waiting: str | None
    """Which partition a later publish removes, and who holds it; None when none has to wait."""
    set_aside: list[SetAside]
    """Customers that could not be published, the first `MAX_NAMED`; `summary` holds how many there are."""
    shortened: dict[str, int]
    """Texts that were cut to the contract's bytes, by column."""


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
    with only_publisher(url) as check_lock, connect(url) as connection, connection.cursor() as cursor:
        # Else the server finishes what a killed publisher had asked for, and refuses its next try for so long.
        cursor.execute("SET client_connection_check_interval = '2s'")
        for table in (SNAPSHOT, CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, FAILED_RUN):
            partitions.check_contract(cursor, table)
        retention.remove_orphans(cursor, url)
        snapshot_id = _next_id(cursor)
        rows = publishable_rows(rows_of(snapshot_id)).cache()
        try:
            aside, named = set_aside_in(rows)
            customers = rows.where(F.col(SET_ASIDE).isNull()).drop(SET_ASIDE)
            count = _fill_partition(cursor, url, customers, snapshot_id)
            summary = summarise(customers)
            summary["set_aside"] = aside
            shortened = shortened_in(rows)
        finally:
            rows.unpersist()
        # Nobody is shown the partition yet; `_make_current` is what readers notice.
        partitions.attach(cursor, CUSTOMER_SNAPSHOT, snapshot_id)
        partitions.wait_for_planned_queries(cursor, CUSTOMER_SNAPSHOT)
        check_lock()
        count = _make_current(connection, snapshot_id, facts, summary, count)
        dropped, waiting = retention.drop_old(cursor, url, keep)
    return Published(snapshot_id, count, summary["scored"], summary, dropped, waiting, named, shortened)


@contextmanager
def only_publisher(url: str) -> Iterator[Callable[[], None]]:
    """Hold the publish lock within the block; yields what raises when the lock was lost meanwhile.

    An open transaction of its own connection holds it: it ends with that, whatever way the publisher dies, and a pool
    such as PgBouncer cannot hand its session to another client (ADR 0028).

    Raises:
        PublishError: another run holds it.
        PostgresAwayError: the server ended the lock's connection.
    """
    with connect(url, "encore-publish-lock") as connection, connection.cursor() as cursor:
        connection.autocommit = False
        # The transaction is idle for as long as the publish takes; a server may end those that are.
        cursor.execute("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = ANY(%s)", (_IDLE_LIMITS,))
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,))
        if cursor.fetchone() != (True,):
            raise PublishError("Another run is publishing to this database: wait for it to end, then run again.")
        yield lambda: cursor.execute("SELECT 1")
        connection.rollback()  # closing frees the lock too, but only some time after we went on


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
                "summary": jsonb_text(summary),
                "model_facts": jsonb_text(facts.model_facts) if facts.model_facts else None,
                "model_card": jsonb_text(facts.model_card) if facts.model_card else None,
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
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", (partitions.LONGEST_LOCK,))
    try:
        cursor.execute(f"LOCK TABLE {ERASED_CUSTOMER} IN SHARE MODE")
    except LockNotAvailable as error:
        raise PublishError(
            f"An erasure has been under way for {partitions.LONGEST_LOCK}, its transaction is open. Nothing was "
            "published. Let it end, then run again."
        ) from error
    cursor.execute(
        f"DELETE FROM {CUSTOMER_SNAPSHOT.name} WHERE snapshot_id = %s "  # noqa: S608 - names of the contract
        f"AND customer_number IN (SELECT customer_number FROM {ERASED_CUSTOMER})",
        (snapshot_id,),
    )
    return int(cursor.rowcount)
