"""A filtered list as CSV: the rows that its pages show, sent while they are read."""

from collections.abc import Callable, Iterator

from django.db import connection, transaction

from webportal.customers.filtering import Customers

_CHUNK = 2_000
MOST_NAMED = 5_000
"""The audit names so many customers of an export; of a larger one it tells the filter, the snapshot and the count."""

COLUMNS = {
    "customer": "customer_number",
    "first name": "first_name",
    "last name": "last_name",
    "gender": "gender",
    "level": "level",
    "place": "location",
    "customer since": "registered_on",
    "last seen": "last_seen_at",
    "cancelled on": "cancelled_on",
    "probability of leaving": "churn_probability",
    "risk": "risk_band",
    "risen from": "risen_from",
    "days listened": "days_listened",
    "songs per day": "songs_per_day",
}
_NAMES = frozenset({"first_name", "last_name"})


def columns_for(customers: Customers) -> dict[str, str]:
    """Return the columns by their headings; without names where there are none to be seen."""
    hidden = _NAMES if customers.model.is_pseudonymous else frozenset()
    return {heading: column for heading, column in COLUMNS.items() if column not in hidden}


def rows_of(customers: Customers, sent: Callable[[int, list[str]], None]) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each customer, and at the end, also an early one, tell `sent` how many and who were read.

    The cursor lies in the database and lives within a transaction: outside of one Django has the database copy the
    whole result before the first row. Told that few rows are wanted, the planner walks an index instead of sorting.
    """
    numbers: list[str] = []
    count = 0
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select set_config('cursor_tuple_fraction', '0.000001', true)")
            columns = columns_for(customers).values()
            for row in customers.values_list(*columns).iterator(chunk_size=_CHUNK):
                count += 1
                if count <= MOST_NAMED:
                    numbers.append(row[0])
                yield tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row)
    finally:
        sent(count, numbers if count <= MOST_NAMED else [])
