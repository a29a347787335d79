"""Customer numbers as they are searched for: in lower case, without leading zeros."""

from string import ascii_lowercase, ascii_uppercase
from typing import Any

from django.db.models import F, Func, TextField


class NumberKey(Func):
    """SQL expression of the searched form of a number, in bytewise order; an index exists on it."""

    template = "ltrim(lower(%(expressions)s), '0')"
    output_field = TextField(db_collation="C")

    def __init__(self, column: str | F, **extra: Any) -> None:  # noqa: ANN401 - Func's own
        super().__init__(column, **extra)


_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def number_key(typed: str) -> str:
    """Return the searched form of a number, the same as `NumberKey` gives in the database: of ASCII in lower case."""
    return typed.translate(_LOWER).lstrip("0")
