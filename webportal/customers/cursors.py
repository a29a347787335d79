"""Where a page of a list begins, as text in an address: signed by us, so that it says only what we said."""

from typing import Any

from django.core import signing

LIFE_SECONDS = 24 * 3600
LONGEST = 400


class BadCursorError(Exception):
    """Text that we did not sign, or not within `LIFE_SECONDS`."""


def write_cursor(values: list[Any], salt: str) -> str:
    """Return text that `read_cursor` reads back; `values` are what JSON can hold, and `salt` says for which list."""
    return signing.dumps(values, salt=salt)


def read_cursor(text: str, salt: str) -> list[Any]:
    """Return the values that were signed for this list.

    Raises:
        BadCursorError: they were not, or too long ago.
    """
    try:
        values = signing.loads(text[: LONGEST + 1], salt=salt, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        raise BadCursorError from None
    return list(values)
