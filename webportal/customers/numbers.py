"""Customer numbers as logs bring them, as people type them, and as addresses write them.

Any printable text may be a number: `auth0|5f7c`, `user/13`, `a b`, `100%`. In an address each of these signs may be
lost on its way, so that a number is written there by `to_address` alone: letters, digits, `_:@-` and inner dots stay,
every other byte of its UTF-8 becomes `~XX`. No proxy takes a part of that for a path, a folder or an escape.
"""

import re
import unicodedata

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH

_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of signs that ingest refuses in numbers."""

_KEPT = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:@-")
_DOT = ord(".")
_WRITTEN = re.compile(r"(?:[0-9A-Za-z_:@.-]|~[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(rb"~([0-9A-Fa-f]{2})")


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
