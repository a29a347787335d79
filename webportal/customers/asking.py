"""What somebody may have meant by what they typed into the search box."""

import re
from dataclasses import dataclass, field, replace

from spark_assets.contracts.search_keys import name_key
from webportal.common.customer_numbers import is_wellformed, keys_of, number_key, plain, tidy

LONGEST_TYPED = 200
MOST_WORDS = 5
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Asked:
    """Numbers or their beginnings as they are keyed (nothing is left of zeros), words of a name, or both.

    There are two numbers where signs between the digits may be of the number or part it for reading. Without digits
    what was typed is a name, and may yet be a number of letters alone: then both are set and `either`.
    """

    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    either: bool = False
    as_written: str = ""
    exact: str = field(default="", compare=False)
    """What was typed, to the letter: signs that part or adorn other numbers may be part of this one."""

    @property
    def is_nothing(self) -> bool:
        """Whether it can be neither a number nor a name."""
        return not self.numbers and not self.words and not self.exact


def read(typed: str) -> Asked:
    """Return what `typed` may mean: signs with a digit are of a number, in however many parts, the others of a name."""
    exact = typed.strip()
    return replace(_read(typed), exact=exact if is_wellformed(exact) else "")


def _read(typed: str) -> Asked:
    parts = tidy(typed[:LONGEST_TYPED]).split()
    numeric = "".join(part for part in parts if _DIGIT.search(part))
    words = tuple((name_key(" ".join(part for part in parts if not _DIGIT.search(part))) or "").split()[:MOST_WORDS])
    if numeric:
        keys = tuple(keys_of(numeric))
        return Asked(keys, words, as_written=plain(numeric)) if keys else Asked()
    whole = "".join(parts)
    if len(parts) == 1 and is_wellformed(whole):
        return Asked((number_key(whole),), words, either=True, as_written=whole)
    return Asked(words=words)
