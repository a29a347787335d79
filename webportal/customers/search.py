"""Search: parses a query into number keys and name words, and finds customers along one index each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from spark_assets.contracts.search_keys import name_key
from webportal.common.customer_numbers import NumberKey, is_wellformed, keys_of, number_key, plain, tidy
from webportal.customers.listing.fields import Customers
from webportal.customers.listing.paging import SHOWN
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

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


LEAST_INDEXED_WORD = 3
"""A beginning of fewer letters is that of a million names in ten: full text would collect them all first."""

_BY_LAST_NAME = ("last_name_key", "name_key", "customer_number")


@dataclass(frozen=True)
class Found:
    """Customers, the likeliest first, at most as many as were wanted; `only` is the one that was meant, if clear."""

    customers: list[CustomerColumns]
    more: bool
    only: CustomerColumns | None


def find(viewer: Viewer, snapshot: Snapshot, asked: Asked, limit: int) -> Found:
    """Return the customers who may be meant, of those whom the viewer may see; the columns are those of lists."""
    return find_among(customers_visible_to(viewer, snapshot).only(*SHOWN), asked, limit)


def find_among(visible: Customers, asked: Asked, limit: int) -> Found:
    """Return those of `visible` who may be meant, one walk after the other until there are enough."""
    walks = _by_pseudonym(visible, asked) if visible.model.is_pseudonymous else _walks(visible, asked)
    found: dict[str, CustomerColumns] = {}
    for walk in walks:
        for customer in walk[: limit + 1]:
            found.setdefault(customer.customer_number, customer)
        if len(found) > limit:
            break
    customers = list(found.values())
    return Found(customers[:limit], len(customers) > limit, _meant(customers, asked))


def _meant(found: Sequence[CustomerColumns], asked: Asked) -> CustomerColumns | None:
    """Return the only customer found, or the only one with exactly this number among those whose number begins so."""
    if len(found) == 1:
        return found[0]
    verbatim = next((each for each in found if each.customer_number == asked.exact), None)
    if verbatim or asked.words:
        return verbatim
    exact = [each for each in found if number_key(each.customer_number) in asked.numbers]
    return exact[0] if len(exact) == 1 else next((each for each in exact if _is_verbatim(each, asked)), None)


def _is_verbatim(customer: CustomerColumns, asked: Asked) -> bool:
    return customer.customer_number == asked.as_written


def _by_pseudonym(visible: Customers, asked: Asked) -> Iterator[Customers]:
    """Analysts know customers by pseudonym alone, which may be letters throughout."""
    if asked.as_written:
        yield visible.filter(customer_number__startswith=asked.as_written.upper()).order_by("customer_number")


def _walks(visible: Customers, asked: Asked) -> Iterator[Customers]:
    if asked.exact and number_key(asked.exact) not in asked.numbers:
        yield visible.filter(customer_number=asked.exact)
    if asked.numbers and asked.words and not asked.either:
        for number in asked.numbers:
            yield from _by_both(visible, number, asked.words)
        return
    for number in asked.numbers:
        yield _by_number(visible, number)
    if asked.words:
        yield from _by_name(visible, asked.words)


def _by_number(visible: Customers, number: str) -> Customers:
    keyed = visible.alias(key=NumberKey("customer_number")).order_by("key")
    # nothing is left of zeros, and everything begins with nothing
    return keyed.filter(key__startswith=number) if number else keyed.filter(key="")


def _by_both(visible: Customers, number: str, words: Sequence[str]) -> Iterator[Customers]:
    """The number's beginning and every word of the name; unsorted, so that the rarer of the two leads the way."""
    keyed = visible.alias(key=NumberKey("customer_number")).filter(key__startswith=number)
    for first, last in _splits(words):
        yield keyed.filter(_named(first, last))
    if len(words) == 1:
        yield keyed.filter(last_name_key__startswith=words[0])
        yield keyed.filter(name_key__startswith=words[0])


def _by_name(visible: Customers, words: Sequence[str]) -> Iterator[Customers]:
    """Last names first; then words within names, by full text, for what no beginning of a name has found."""
    if len(words) == 1:
        yield visible.filter(last_name_key__startswith=words[0]).order_by(*_BY_LAST_NAME)
        yield visible.filter(name_key__startswith=words[0]).order_by("name_key", "customer_number")
    for first, last in _splits(words):
        yield visible.filter(_named(first, last)).order_by(*_BY_LAST_NAME)
    yield from _by_words(visible, words)


def _splits(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each way to take the words for a first and a last name, in this order and in the other."""
    cuts = range(1, len(words))
    yield from ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in cuts)
    yield from ((" ".join(words[cut:]), " ".join(words[:cut])) for cut in cuts)


def _named(first: str, last: str) -> Q:
    """Match names that begin so: both columns stand in one index, which is read alone."""
    return Q(last_name_key__startswith=last, name_key__startswith=first)


def _by_words(visible: Customers, words: Sequence[str]) -> Iterator[Customers]:
    """Names with a word for each of these beginnings, in any order."""
    indexed = [word for word in words if len(word) >= LEAST_INDEXED_WORD]
    if not indexed:
        return
    query = SearchQuery(" & ".join(f"{word}:*" for word in indexed), config="simple", search_type="raw")
    found = visible.alias(words=SearchVector("name_key", config="simple")).filter(words=query)
    for word in set(words) - set(indexed):
        found = found.filter(name_key__regex=rf"\m{word}")
    yield found
