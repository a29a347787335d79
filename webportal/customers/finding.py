"""Customers by what was typed: each way to find one is a short walk along one index, whatever the number of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from webportal.common.customer_numbers import NumberKey, number_key
from webportal.customers.asking import Asked
from webportal.customers.filtering import Customers
from webportal.customers.listing import SHOWN
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

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
