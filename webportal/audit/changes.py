"""What changed in a row: old and new value by column, without secrets."""

from typing import Any

from django.db import models

SECRET = frozenset({"password", "token_hash", "data", "digest", "sealed_secret"})
UNINTERESTING = frozenset({"last_login"})
HIDDEN = "(not shown)"

Changes = dict[str, list[Any]]


def values_of(row: models.Model) -> dict[str, Any]:
    """Return the columns of a row that are loaded, as JSON can hold them."""
    loaded = [field for field in row._meta.concrete_fields if field.attname not in row.get_deferred_fields()]
    return {field.attname: _plain(field.value_from_object(row)) for field in loaded}


def changes_between(old: dict[str, Any], new: dict[str, Any]) -> Changes:
    """Return `[old, new]` of each column that differs; of a secret only that it does."""
    differing = [name for name in new if name not in UNINTERESTING and old.get(name) != new[name]]
    return {name: [HIDDEN, HIDDEN] if name in SECRET else [old.get(name), new[name]] for name in differing}


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON is any
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)
