"""The cache that limits of rates and guards of second factors are counted in: nothing in it goes before its time."""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache

_SWEEP = """
delete from {0} where ctid = any(array(
    select ctid from {0} where expires < %s limit 1000 for update skip locked
))
"""


class GuardCache(DatabaseCache):
    """Django's cache in the database, which makes room by expired rows alone.

    Django's own keeps 300 rows and drops those of the lowest keys, so that whoever fills it guesses on with fresh
    counters. Here a row stays until it expires, which for the longest limit is an hour. What bounds the table is that
    each row costs a request, and requests are limited by address.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, params)
        self.table = table
        self._max_entries = 0  # sweep at each write: few rows expire between two

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:  # noqa: ANN401 - Django's own cursor
        """Delete expired rows; those that another request is deleting are left to it."""
        cursor.execute(_SWEEP.format(self.table), [now])
