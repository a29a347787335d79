"""Takes customers on the do-not-load list out of the tables of past days, which no run computes anew by itself."""

from typing import TYPE_CHECKING

import pyarrow.compute as pc
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets import storage
from spark_assets.columns import PAST_FEATURES, PAST_SCORES, USER_ID
from spark_assets.erasure.do_not_load import DoNotLoad
from spark_assets.ingest import files
from spark_assets.lake import as_of_dates, as_of_folder, read_table, replace_table, table_info

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def forget_history(spark: "SparkSession", lake: str, listed: DoNotLoad) -> list[str]:
    """Write anew each table of a past day that holds a listed customer, without them; returns the tables' names."""
    names = [as_of_folder(table, day) for table in (PAST_FEATURES, PAST_SCORES) for day in as_of_dates(lake, table)]
    return [name for name in names if _forget(spark, lake, name, listed)]


def _forget(spark: "SparkSession", lake: str, name: str, listed: DoNotLoad) -> bool:
    notes = table_info(lake, name)
    base = storage.join(lake, name, notes.pop("folder"))
    gone: set[str] = set()
    for file, _ in storage.list_files(base):
        if not file.endswith(".parquet"):
            continue
        numbers = files.read_table(storage.join(base, file), [USER_ID])[USER_ID]
        gone.update(number for number in pc.unique(numbers).to_pylist() if number in listed)
    if gone:
        replace_table(read_table(spark, lake, name).where(~F.col(USER_ID).isin(gone)), lake, name, notes)
    return bool(gone)
