"""How often a request asked the database, and how long it waited for the answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass
class DatabaseTime:
    """Of one request; in milliseconds, rows on their way included."""

    queries: int = 0
    milliseconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Carry out a statement and count it, also one that fails."""
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.milliseconds += 1_000 * (time.perf_counter() - started)


@contextmanager
def counted() -> Iterator[DatabaseTime]:
    """Count what this thread asks within the block."""
    counter = DatabaseTime()
    with connection.execute_wrapper(counter):
        yield counter
