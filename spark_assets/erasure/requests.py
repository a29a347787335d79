"""Erasure requests: the numbers in the portal's table `erased_customer`, taken into the lake's do-not-load list."""

from spark_assets.contracts import ERASED_CUSTOMER
from spark_assets.lake import do_not_load
from spark_assets.publishing.postgres import connect


def update(lake: str, url: str | None) -> do_not_load.DoNotLoad:
    """Take into the lake's list what the portal's table has more, and return it. Numbers never leave the list.

    Args:
        lake: the lake.
        url: address of the portal's database; without one the list stays as it is.

    Raises:
        PublishError: the database does not answer. Nothing may be loaded then: somebody could come back with it.
    """
    listed = do_not_load.load(lake)
    fresh = do_not_load.with_numbers(listed, erased_numbers(url) if url else ())
    if fresh != listed:
        do_not_load.save(lake, fresh)
    return fresh


def erased_numbers(url: str) -> list[str]:
    """Return the numbers in the portal's table; none before its migrations have run."""
    with connect(url, "encore-ingest") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", (ERASED_CUSTOMER,))
        if cursor.fetchone() == (None,):
            return []
        cursor.execute(f"SELECT customer_number FROM {ERASED_CUSTOMER}")  # noqa: S608 - a name of the contract
        return [number for (number,) in cursor.fetchall()]
