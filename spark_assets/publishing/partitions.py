"""DDL of one snapshot's partition: made unattached, filled, indexed like its parent, attached, one day dropped."""

import re
import time

from psycopg2 import sql
from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from spark_assets.contracts import Table
from spark_assets.errors import PublishError
from spark_assets.publishing.staging import STAGE_MARK, Stage
from spark_assets.publishing.waiting import holders_of

_INDEX = re.compile(r"^CREATE (UNIQUE )?INDEX (?P<name>\S+|\".+?\") ON (ONLY )?(?P<table>\S+) USING (?P<rest>.+)$")

LONGEST_LOCK = "30s"
"""How long a publish waits for those who change the table, or erase a customer; readers hold up neither."""

_LONGEST_WAIT_SECONDS = 5.0
"""From plan to view of the data takes a query microseconds; whoever holds a lock for longer is past that point."""


def partition_name(table: Table, snapshot_id: int) -> str:
    """Name of the partition of a snapshot."""
    return f"{table.name}_s{snapshot_id}"


def check_contract(cursor: Cursor, table: Table) -> None:
    """Refuse to publish into a database whose tables are not the contract's.

    Raises:
        PublishError: the table is missing or its columns differ.
    """
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s",
        (table.name,),
    )
    found = dict(cursor.fetchall())
    wanted = {column.name: str(column.type) for column in table.columns}
    if found != wanted:
        differing = sorted(set(found.items()) ^ set(wanted.items()))
        what = "is missing" if not found else f"has other columns than the contract: {differing}"
        raise PublishError(f"Table {table.name} {what}. Run the portal's migrations (`make materialize` does).")


def make_partition(cursor: Cursor, table: Table, snapshot_id: int, stages: list[Stage]) -> tuple[str, int]:
    """Make the partition of the rows of the stages, without indexes, attached to nothing.

    `CREATE TABLE AS` writes through a few buffers of its own. `INSERT` would fill those that all share with changed
    pages, and readers, who need a buffer, would have to write these to the disk first.

    Returns:
        Its name, and how many rows the database counted.

    Raises:
        PublishError: these are not as many as the tasks had copied.
    """
    name = partition_name(table, snapshot_id)
    sources = [sql.SQL("SELECT * FROM {}").format(sql.Identifier(stage.table)) for stage in stages]
    none = sql.SQL("SELECT * FROM {} WHERE false").format(sql.Identifier(table.name))
    rows = sql.SQL(" UNION ALL ").join(sources or [none])
    cursor.execute(sql.SQL("CREATE TABLE {} AS {}").format(sql.Identifier(name), rows))
    moved, copied = int(cursor.rowcount), sum(stage.rows for stage in stages)
    if moved != copied:
        raise PublishError(f"Stages {[stage.table for stage in stages]} held {moved} rows, tasks had copied {copied}.")
    _constrain(cursor, table, name, snapshot_id)
    return name, moved


def _constrain(cursor: Cursor, table: Table, partition: str, snapshot_id: int) -> None:
    """Have the partition refuse what its parent refuses, and other snapshots: that lets ATTACH skip its scan."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull", (table.name,)
    )
    constraints = [sql.SQL("ADD CHECK (snapshot_id = {})").format(sql.Literal(snapshot_id))]
    constraints += [
        sql.SQL("ALTER COLUMN {} SET NOT NULL").format(sql.Identifier(name)) for (name,) in cursor.fetchall()
    ]
    cursor.execute(sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(partition), sql.SQL(", ").join(constraints)))


def build_indexes(cursor: Cursor, table: Table, partition: str) -> None:
    """Build on the partition what its parent declares, so that ATTACH finds every index ready."""
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid), indisprimary FROM pg_index "
        "WHERE indrelid = %s::regclass ORDER BY indexrelid",
        (table.name,),
    )
    for number, (definition, primary) in enumerate(cursor.fetchall()):
        matched = _INDEX.match(definition)
        if not matched:
            raise PublishError(f"Cannot read the index of {table.name}: {definition}")
        unique = "UNIQUE " if matched[1] else ""
        index = f"{partition}_i{number}"
        # The text after USING comes from the catalogue of the same database, not from a user.
        cursor.execute(f'CREATE {unique}INDEX "{index}" ON "{partition}" USING {matched["rest"]}')
        if primary:
            statement = sql.SQL("ALTER TABLE {} ADD PRIMARY KEY USING INDEX {}")
            cursor.execute(statement.format(sql.Identifier(partition), sql.Identifier(index)))
    _analyze(cursor, table, partition)


def _analyze(cursor: Cursor, table: Table, partition: str) -> None:
    """Gather statistics, as fine as those of the parent's columns: a partition does not inherit how fine."""
    cursor.execute(
        "SELECT attname, attstattarget FROM pg_attribute WHERE attrelid = %s::regclass AND attstattarget > 0",
        (table.name,),
    )
    for column, parts in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS {}").format(
                sql.Identifier(partition), sql.Identifier(column), sql.Literal(parts)
            )
        )
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(partition)))


def attach(cursor: Cursor, table: Table, snapshot_id: int) -> None:
    """Attach the partition; readers of other partitions go on meanwhile.

    Raises:
        PublishError: another connection changes the table for longer than `LONGEST_LOCK`.
    """
    # Both in one message, so in one transaction and one session, also behind a connection pool.
    attaching = sql.SQL(
        "SELECT set_config('lock_timeout', {}, true); ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})"
    ).format(
        sql.Literal(LONGEST_LOCK),
        sql.Identifier(table.name),
        sql.Identifier(partition_name(table, snapshot_id)),
        sql.Literal(snapshot_id),
    )
    try:
        cursor.execute(attaching)
    except LockNotAvailable as error:
        holders = holders_of(cursor, [table.name]) or "another connection"
        words = f"Table {table.name} is held by {holders}: nothing was published. End that, then run again."
        raise PublishError(words) from error


def wait_for_planned_queries(cursor: Cursor, table: Table) -> None:
    """Wait until each query that was planned without the newest partition has ended, for `_LONGEST_WAIT_SECONDS`.

    A query that is planned just before a partition is attached and takes its view of the data just after the pointer
    moved would find the new pointer but not the new partition: no rows at all. Measured among readers that poll.
    """
    holders = "SELECT virtualtransaction FROM pg_locks WHERE relation = %s::regclass AND pid <> pg_backend_pid()"
    cursor.execute(holders, (table.name,))
    waited_for = [row[0] for row in cursor.fetchall()]
    give_up_at = time.monotonic() + _LONGEST_WAIT_SECONDS
    while waited_for and time.monotonic() < give_up_at:
        time.sleep(0.01)
        cursor.execute(f"{holders} AND virtualtransaction = ANY(%s)", (table.name, waited_for))
        waited_for = [row[0] for row in cursor.fetchall()]


def attached(cursor: Cursor, table: Table) -> list[int]:
    """Snapshots that have an attached partition, oldest first."""
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass",
        (table.name,),
    )
    prefix = partition_name(table, 0).removesuffix("0")
    return sorted(int(name.removeprefix(prefix)) for (name,) in cursor.fetchall() if name.startswith(prefix))


def leftovers(cursor: Cursor, table: Table) -> list[str]:
    """Stages and unattached partitions: a publish that is not at work any more left them behind."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' "
        "AND NOT c.relispartition AND (c.relname LIKE %s OR c.relname ~ %s)",
        (f"{table.name}{STAGE_MARK}%".replace("_", r"\_"), f"^{table.name}_s[0-9]+$"),
    )
    return [name for (name,) in cursor.fetchall()]
