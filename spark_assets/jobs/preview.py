"""A few rows of a frame as JSON values, without personal data."""

from datetime import date, datetime
from typing import Any

from pyspark.sql import DataFrame

PERSONAL_COLUMNS = frozenset({"first_name", "last_name", "location", "user_agent", "raw"})

_ROWS = 5


def preview(frame: DataFrame) -> list[dict[str, Any]]:
    """The first rows of a frame; columns that say who somebody is are left out."""
    shown = [name for name in frame.columns if name not in PERSONAL_COLUMNS]
    return [{name: _plain(row[name]) for name in shown} for row in frame.select(*shown).limit(_ROWS).collect()]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date | datetime) else value
