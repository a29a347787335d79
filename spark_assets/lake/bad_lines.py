"""Whose a quarantined line is, as far as a line that could not be read tells: numbers and names in every spelling."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

_VALUE = r'\s*"?\s*[:=]\s*("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)'
_NUMBER_KEY = re.compile(rf"user_?id{_VALUE}", re.IGNORECASE)
_FIRST_NAME_KEY = re.compile(rf"first_?name{_VALUE}", re.IGNORECASE)
_LAST_NAME_KEY = re.compile(rf"last_?name{_VALUE}", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD_WITH_DIGIT = re.compile(r"""[^\s"'\\,:;=&/{}\[\]()<>]*\d[^\s"'\\,:;=&/{}\[\]()<>]*""")
_LEAST_LENGTH = 5
"""Shorter numbers stand in a line by chance: as a count, a date, a part of a time."""


@dataclass(frozen=True)
class Mentions:
    """What a line says of whose it is."""

    numbers: frozenset[str]
    """Customer numbers under the key `userId`, in the form that good lines have."""
    names: frozenset[str]
    """Full names, normalised as by `full_name`."""
    words: frozenset[str]
    """Other words with a digit that could be a customer number."""


def mentions(raw: bytes) -> Mentions:
    """Return what a line mentions. Text is read as UTF-8, and as Latin-1 or UTF-16 where it is no UTF-8."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), _decoded(raw))
    numbers = {form for value in _values(_NUMBER_KEY, text) for form in spellings(value)}
    last_names = list(_values(_LAST_NAME_KEY, text))
    names = {full_name(first, last) for first in _values(_FIRST_NAME_KEY, text) for last in last_names}
    words = {form for word in _WORD_WITH_DIGIT.findall(text) if len(word) >= _LEAST_LENGTH for form in spellings(word)}
    return Mentions(frozenset(numbers), frozenset(names - {""}), frozenset(words))


def spellings(number: str) -> Iterator[str]:
    """Yield a customer number as it stands and, if it is a whole number, in digits: `39.0` and `3.9e1` are `39`."""
    text = number.strip()
    if text:
        yield text
    try:
        value = float(text)
    except ValueError:
        return
    if isfinite(value) and value.is_integer():
        yield str(int(value))


def full_name(first: str | None, last: str | None) -> str:
    """Return a full name without regard to case and to how accents are written; empty if a part is missing."""
    parts = [unicodedata.normalize("NFKC", part or "").casefold().strip() for part in (first, last)]
    return "\n".join(parts) if all(parts) else ""


def _decoded(raw: bytes) -> str:
    if b"\x00" in raw:
        raw = raw.replace(b"\x00", b"")  # UTF-16, as far as it is ASCII
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _values(key: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the values of a key, null and empty ones left out."""
    for value in key.findall(text):
        if value.startswith('"'):
            plain = _unquoted(value)
            if plain.strip():
                yield plain
        elif value != "null":
            yield value


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(value, strict=False))
    except ValueError:
        return value.strip('"')
