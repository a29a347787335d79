"""Customer numbers as telephone systems and other programs write them."""

import unicodedata
from urllib.parse import unquote

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.customers.keys import number_key
from webportal.customers.numbers import from_address, is_wellformed

LONGEST_WRITING = 200
"""Signs of a writing that are looked at: what is longer is no number in any writing."""

_ESCAPED = 12
"""Signs of the longest sign of a number in an address: four bytes, three signs each."""

_INVISIBLE = ("Cc", "Cf")
_DASH = "Pd"
_PARTING = "._:/()+"


def plain(written: str) -> str:
    """Return what was written in plain digits and letters, without spaces, invisible signs and a leading `#`.

    Full-width signs become plain ones, decimal digits of any script the digits 0 to 9. What a program has
    percent-encoded once too often is decoded once more.
    """
    normal = unicodedata.normalize("NFKC", unquote(written[:LONGEST_WRITING]))
    seen = (sign for sign in normal if not sign.isspace() and unicodedata.category(sign) not in _INVISIBLE)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in seen).lstrip("#")


def keys_of(written: str) -> list[str]:
    """Return the searched forms (see `customers.keys`) of the numbers that `written` may mean; none for no number.

    A dot or a dash may be part of a number or part its digits for reading, so both forms count; so does what was
    written as it stands, and what `customers.numbers.to_address` may have written.
    """
    exact, whole = written[: _ESCAPED * MAX_NUMBER_LENGTH].strip(), plain(written)
    forms = (whole, "".join(sign for sign in whole if not _parts(sign)), exact, from_address(exact))
    return list(dict.fromkeys(number_key(form) for form in forms if is_wellformed(form)))


def _parts(sign: str) -> bool:
    return sign in _PARTING or unicodedata.category(sign) == _DASH
