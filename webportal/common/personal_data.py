"""Registry of the apps that hold personal data of customers. Each registers its handler in `AppConfig.ready()`.

Export, erasure and retention of `webportal.privacy` call every handler, so a new table needs no change there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

Rows = list[dict[str, Any]]

WITHHELD = frozenset({"erased_by", "token"})
"""Columns that no export contains, beside those that point to a user: they name staff, or guard a form."""


@dataclass(frozen=True)
class DataSubject:
    """A customer, and the pseudonyms that stand for the number where viewers see no personal data."""

    number: str
    pseudonyms: tuple[str, ...] = ()

    @property
    def identifiers(self) -> list[str]:
        """The number and the pseudonyms."""
        return [self.number, *self.pseudonyms]


@dataclass(frozen=True)
class Handler:
    """Functions of one app over its personal data; None where the app has nothing to do."""

    export: Callable[[DataSubject], Mapping[str, Rows]]
    """Returns rows by document."""
    erase: Callable[[DataSubject], Mapping[str, int]] | None = None
    """Deletes all rows about a customer; returns counts by kind."""
    delete_before: Callable[[datetime], Mapping[str, int]] | None = None
    """Deletes rows older than a time; returns counts by kind."""
    identifiers: Callable[[str], Iterable[str]] | None = None
    """Returns the pseudonyms of a customer number."""


_handlers: dict[str, Handler] = {}


def register(
    name: str,
    export: Callable[[DataSubject], Mapping[str, Rows]],
    erase: Callable[[DataSubject], Mapping[str, int]] | None = None,
    delete_before: Callable[[datetime], Mapping[str, int]] | None = None,
    identifiers: Callable[[str], Iterable[str]] | None = None,
) -> None:
    """Register the handler of the app with the label `name`.

    Raises:
        ValueError: the app has a handler.
    """
    if name in _handlers:
        raise ValueError(f"The app {name} has registered its personal data twice.")
    _handlers[name] = Handler(export, erase, delete_before, identifiers)


def handlers() -> Mapping[str, Handler]:
    """Return the handlers by app label."""
    return dict(_handlers)


def subject_of(number: str) -> DataSubject:
    """Return the customer with this number and every pseudonym that an app knows."""
    found = {each for handler in _handlers.values() if handler.identifiers for each in handler.identifiers(number)}
    return DataSubject(number, tuple(sorted(filter(None, found))))


def identifiers_of(number: str) -> list[str]:
    """Return the number, and every pseudonym that viewers without personal data saw in its place."""
    return subject_of(number).identifiers


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns of `model` that an export contains: those of the customer, none that names staff."""
    users = get_user_model()
    columns = (field for field in model._meta.concrete_fields if field.related_model is not users)
    return [column.attname for column in columns if column.attname not in WITHHELD]


def exported(rows: Iterable[Model]) -> Iterator[dict[str, Any]]:
    """Yield each row as an export contains it."""
    for row in rows:
        yield {name: getattr(row, name) for name in columns_of(type(row))}
