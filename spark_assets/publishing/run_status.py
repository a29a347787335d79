"""The newest failed run, which the portal shows until a publish succeeds. Needs no Spark."""

from datetime import datetime

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from spark_assets.contracts import FAILED_RUN
from spark_assets.publishing import partitions
from spark_assets.publishing.postgres import check_url, connect, publisher_url_if_any, storable_text

_NOTE = """
INSERT INTO failed_run (singleton, dagster_run_id, failed_at, causes)
SELECT 1, %(run_id)s, %(failed_at)s, %(causes)s
WHERE NOT EXISTS (
    SELECT FROM snapshot JOIN current_snapshot USING (snapshot_id)
    WHERE published_at > %(failed_at)s AND dagster_run_id <> %(run_id)s
)
ON CONFLICT (singleton) DO UPDATE
SET dagster_run_id = excluded.dagster_run_id, failed_at = excluded.failed_at, causes = excluded.causes
WHERE failed_run.failed_at <= excluded.failed_at
"""


def note_failure(url: str, run_id: str, failed_at: datetime, causes: str) -> bool:
    """Note that a run failed, unless a newer one published or failed already; returns whether it is told now.

    Raises:
        PublishError: the database cannot be reached, or is not migrated.
    """
    with connect(url, "encore-notice") as connection, connection.cursor() as cursor:
        partitions.check_contract(cursor, FAILED_RUN)
        cursor.execute(_NOTE, {"run_id": run_id, "failed_at": failed_at, "causes": storable_text(causes)})
        return bool(cursor.rowcount)


def clear_failure(cursor: Cursor) -> None:
    """Forget the failure; within the transaction that makes a new snapshot current."""
    cursor.execute("DELETE FROM failed_run")


TOLD = "The portal says so."


def tell_portal(run_id: str, failed_at: datetime, causes: str) -> str:
    """Have the portal show that a run failed; returns in words what came of it.

    Raises:
        SettingsError: the database's address is none.
        PublishError: it cannot be reached, or is not migrated.
    """
    url = publisher_url_if_any()
    if not url:
        return "No database is set here (PUBLISH_DATABASE_URL or DATABASE_URL), so the portal is not told."
    told = note_failure(check_url(url), run_id, failed_at, causes)
    return TOLD if told else "A newer run has ended since, so the portal is not told."
