"""A bound on how long a request waits for the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled


class TookTooLongError(Exception):
    """The database did not answer in the time that was given."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Let each statement within take so long; the bound ends with the block.

    Raises:
        TookTooLongError: one took longer; the database has given it up.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select set_config('statement_timeout', %s, true)", [str(milliseconds)])
            yield
    except OperationalError as failure:
        if isinstance(failure.__cause__, QueryCanceled):
            raise TookTooLongError from failure
        raise
