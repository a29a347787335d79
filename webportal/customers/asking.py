"""What somebody may have meant by what they typed into the search box."""

import re
from dataclasses import dataclass

from spark_assets.contracts.searching import name_key
from webportal.customers.keys import number_key
from webportal.customers.numbers import LONGEST, is_wellformed, tidy

LONGEST_TYPED = 200
MOST_WORDS = 5
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Asked:
    """A number or its beginning as it is keyed, words of a name, or both; `is_zeros` was nothing but zeros.

    Without digits what was typed is a name, and may yet be a number of letters alone: then both are set and `either`.
    """

    number: str | None = None
    words: tuple[str, ...] = ()
    either: bool = False
    is_zeros: bool = False
    as_written: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it can be neither a number nor a name."""
        return self.number is None and not self.words


def read(typed: str) -> Asked:
    """Return what `typed` may mean: signs with a digit are of a number, in however many parts, the others of a name."""
    parts = tidy(typed[:LONGEST_TYPED]).split()
    numeric = "".join(part for part in parts if _DIGIT.search(part)).lstrip("#")
    words = tuple((name_key(" ".join(part for part in parts if not _DIGIT.search(part))) or "").split()[:MOST_WORDS])
    if numeric:
        if not is_wellformed(numeric):
            return Asked()
        key = number_key(numeric)
        return Asked(number=key, words=words, is_zeros=not key, as_written=numeric)
    whole = "".join(parts)
    if len(parts) == 1 and len(whole) <= LONGEST and is_wellformed(whole):
        return Asked(number=number_key(whole), words=words, either=True, as_written=whole)
    return Asked(words=words)
