"""Customer numbers as logs bring them, as people and programs write them, as searches and addresses hold them.

Any printable text may be a number: `auth0|5f7c`, `user/13`, `a b`, `100%`. In an address each of these signs may be
lost on its way, so that a number is written there by `to_address` alone: letters, digits, `_:@-` and inner dots stay,
every other byte of its UTF-8 becomes `~XX`. No proxy takes a part of that for a path, a folder or an escape.
"""

import re
import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import Any
from urllib.parse import unquote

from django.db.models import F, Func, TextField

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of signs that ingest refuses in numbers."""

_KEPT = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:@-")
_DOT = ord(".")
_WRITTEN = re.compile(r"(?:[0-9A-Za-z_:@.-]|~[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(rb"~([0-9A-Fa-f]{2})")

LONGEST_WRITING = 200
"""Signs of a writing that are looked at: what is longer is no number in any writing."""

_ESCAPED = 12
"""Signs of the longest sign of a number in an address: four bytes, three signs each."""

_STRIPPED = ("Cc", "Cf")
"""Categories of signs that a writing may hold and no number does."""
_DASH = "Pd"
_PARTING = "._:/()+"
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def tidy(typed: str) -> str:
    """Return what was typed without the spaces and the `#` that come along when copying."""
    return typed.strip().lstrip("#").strip()


def is_wellformed(number: str) -> bool:
    """Tell whether `number` can be a customer number at all: printable, and not too long."""
    if not number.strip() or len(number) > MAX_NUMBER_LENGTH:
        return False
    return all(unicodedata.category(sign) not in _INVISIBLE for sign in number)


def to_address(number: str) -> str:
    """Return a number as an address writes it: one segment of a path, of plain signs alone."""
    signs = number.encode("utf-8", "replace")
    last = len(signs) - 1
    kept = (sign in _KEPT or (sign == _DOT and 0 < place < last) for place, sign in enumerate(signs))
    return "".join(chr(sign) if keep else f"~{sign:02X}" for sign, keep in zip(signs, kept, strict=True))


def from_address(written: str) -> str:
    """Return the number that a part of an address means; what `to_address` cannot have written is the number itself.

    So a program that percent-encodes a number is understood as well, unless the number itself looks like an escape.
    """
    if "~" not in written or not _WRITTEN.fullmatch(written):
        return written
    try:
        return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), written.encode()).decode()
    except UnicodeDecodeError:
        return written


class NumberConverter:
    """A customer number in a route: `<customer:number>`."""

    regex = r"[\s\S]+"
    """Whatever was percent-encoded, slashes and line ends included: servers decode it before Django sees it."""

    def to_python(self, value: str) -> str:
        """Return the number of a part of an address."""
        return from_address(value)

    def to_url(self, value: str) -> str:
        """Return a number as a part of an address."""
        return to_address(value)


class NumberKey(Func):
    """SQL expression of the searched form of a number, in bytewise order; an index exists on it."""

    template = "ltrim(lower(%(expressions)s), '0')"
    output_field = TextField(db_collation="C")

    def __init__(self, column: str | F, **extra: Any) -> None:  # noqa: ANN401 - Func's own
        super().__init__(column, **extra)


def number_key(typed: str) -> str:
    """Return the searched form of a number, the same as `NumberKey` gives in the database: of ASCII in lower case."""
    return typed.translate(_LOWER).lstrip("0")


def plain(written: str) -> str:
    """Return what was written in plain digits and letters, without spaces, invisible signs and a leading `#`.

    Full-width signs become plain ones, decimal digits of any script the digits 0 to 9. What a program has
    percent-encoded once too often is decoded once more.
    """
    normal = unicodedata.normalize("NFKC", unquote(written[:LONGEST_WRITING]))
    seen = (sign for sign in normal if not sign.isspace() and unicodedata.category(sign) not in _STRIPPED)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in seen).lstrip("#")


def keys_of(written: str) -> list[str]:
    """Return the searched forms of the numbers that `written` may mean; none for no number.

    A dot or a dash may be part of a number or part its digits for reading, so both forms count; so does what was
    written as it stands, and what `to_address` may have written.
    """
    exact, whole = written[: _ESCAPED * MAX_NUMBER_LENGTH].strip(), plain(written)
    forms = (whole, "".join(sign for sign in whole if not _parts(sign)), exact, from_address(exact))
    return list(dict.fromkeys(number_key(form) for form in forms if is_wellformed(form)))


def _parts(sign: str) -> bool:
    return sign in _PARTING or unicodedata.category(sign) == _DASH
