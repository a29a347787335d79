"""How a page asks the database: with a bound on the wait, and for few rows at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

# Planner's costs are those of reading a large table from disk once. A page wants a few rows of what lies in memory:
# there a row costs the same whether an index leads to it or a walk passes it, and workers cost more than they save.
_FOR_FEW_ROWS = {"random_page_cost": "0.05", "seq_page_cost": "0.05", "max_parallel_workers_per_gather": "0"}


class TookTooLongError(Exception):
    """The database did not answer in the time that was given."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Let each statement within take so long, planned for few rows; both end with the block.

    Raises:
        TookTooLongError: one took longer; the database has given it up.
    """
    settings = {"statement_timeout": str(milliseconds), **_FOR_FEW_ROWS}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
                cursor.execute(f"select {calls}", [word for pair in settings.items() for word in pair])
            yield
    except OperationalError as failure:
        if isinstance(failure.__cause__, QueryCanceled):
            raise TookTooLongError from failure
        raise
