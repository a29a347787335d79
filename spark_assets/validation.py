"""Input checks of the transforms."""

from collections.abc import Iterable

from pyspark.sql import DataFrame

from spark_assets.errors import MissingColumnsError


def require_columns(frame: DataFrame, columns: Iterable[str]) -> None:
    """Refuse a frame that lacks columns.

    Raises:
        MissingColumnsError: names every column that is missing and those that are there.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise MissingColumnsError(f"Missing columns {missing}; the frame has {frame.columns}.")
