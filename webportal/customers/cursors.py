"""Where a page of a list begins, as text in an address: signed by us, so that it says only what we said."""

from collections.abc import Sequence
from typing import Any

from django.core import signing

LIFE_SECONDS = 24 * 3600
LONGEST = 3_000
"""Signs of a cursor: names and a number at their longest, in any script."""


class BadCursorError(Exception):
    """Text that we did not sign, not within `LIFE_SECONDS`, or in another version of Encore."""


def write_cursor(values: list[Any], salt: str) -> str:
    """Return text that `read_cursor` reads back; `values` are what JSON can hold, and `salt` says for which list."""
    return signing.dumps(values, salt=salt, compress=True)


def read_cursor(text: str, salt: str, types: Sequence[type]) -> list[Any]:
    """Return the values that were signed for this list, one of each of `types`.

    Raises:
        BadCursorError: they were not, or too long ago, or are others: a version before may have signed them.
    """
    try:
        values = signing.loads(text[: LONGEST + 1], salt=salt, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        raise BadCursorError from None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise BadCursorError
    return values
