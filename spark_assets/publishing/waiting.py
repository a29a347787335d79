"""Statements that may wait for others' locks: with a limit that also holds behind a connection pool."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from psycopg2.errors import QueryCanceled
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from spark_assets.publishing.postgres import APPLICATION, connect


def execute_within(url: str, statement: str, seconds: float) -> bool:
    """Run one statement outside of a transaction for at most so many seconds; False when it was cancelled then.

    It runs on a connection and in a thread of its own, so a signal ends the wait. A session's `lock_timeout` would not
    do: behind PgBouncer in transaction pooling, the statement may run in another session than the SET.
    """
    with connect(url) as connection, connection.cursor() as cursor, ThreadPoolExecutor(1) as thread:
        # Else the server goes on with the statement of a publisher that was killed. A pool may lose this setting.
        cursor.execute("SET client_connection_check_interval = '2s'")
        running = thread.submit(cursor.execute, statement)
        try:
            running.result(timeout=seconds)
        except TimeoutError:
            connection.cancel()
            try:
                running.result()  # when this returns, the server holds no lock for it any more
            except QueryCanceled:
                return False
        finally:
            if not running.done():
                connection.cancel()
    return True


def holders_of(cursor: Cursor, relations: Sequence[str]) -> str:
    """Return in words which other connections hold locks on relations, and since when; empty when none does."""
    cursor.execute(
        "SELECT DISTINCT a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), a.xact_start "
        "FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a USING (pid) "
        "WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND c.relname = ANY(%s) AND l.granted AND a.application_name <> %s ORDER BY a.pid",
        (list(relations), APPLICATION),
    )
    told = [
        f"process {pid} ({name}{f', in a transaction since {since:%Y-%m-%d %H:%M:%S %Z}' if since else ''})"
        for pid, name, since in cursor.fetchall()
    ]
    return ", ".join(told)
