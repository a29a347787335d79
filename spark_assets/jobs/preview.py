"""What a table looks like, as JSON values: its columns in figures over many rows, no row of a customer."""

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name
from pyspark.sql.types import BooleanType, NumericType, StructField

ROWS = 10_000
"""Rows that the figures are taken of."""


def preview(frame: DataFrame) -> list[dict[str, Any]]:
    """A row for each column: its type, percent of rows with a value, and the mean of numbers; of the first `ROWS` rows.

    Orchestrators keep what they are shown for as long as their logs, out of reach of an erasure. So no value of a
    single row is shown, and no minimum or maximum, which are such values.
    """
    fields = frame.schema.fields
    figures = [F.count("*"), *(F.count(F.col(name)) for name in frame.columns), *map(_mean, fields)]
    total, *found = frame.limit(ROWS).agg(*figures).collect()[0]
    return [
        {
            "column": field.name,
            "type": field.dataType.simpleString(),
            "known_percent": round(100 * known / total, 1) if total else None,
            "mean": None if mean is None else round(mean, 4),
        }
        for field, known, mean in zip(fields, found[: len(fields)], found[len(fields) :], strict=True)
    ]


def _mean(field: StructField) -> Column:
    if isinstance(field.dataType, NumericType | BooleanType):
        return F.avg(F.col(field.name).cast("double"))
    return F.lit(None).cast("double")
