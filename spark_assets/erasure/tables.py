"""Takes customers on the do-not-load list out of every table that is computed from the events.

All versions and days are looked at, also those that no pointer names any more, and what killed runs have left goes.
"""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spark_assets.lake import storage
from spark_assets.lake.batch_files import open_parquet, read_table
from spark_assets.lake.do_not_load import DoNotLoad
from spark_assets.lake.schema import CLEANED_EVENTS, QUARANTINED_EVENTS, USER_ID

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FILES_A_TASK = 16
_UNFINISHED = "/_temporary/"


def forget_in_tables(spark: "SparkSession", lake: str, listed: DoNotLoad) -> list[str]:
    """Write each file that holds a listed customer anew without them; returns the files' names.

    Rows are a customer's own, so what remains needs no new computation.
    """
    files = []
    for name, _ in storage.list_files(lake):
        if _UNFINISHED in name or name.endswith(".tmp"):
            storage.delete_file(storage.join(lake, name))
        elif name.endswith(".parquet") and not name.startswith((f"{CLEANED_EVENTS}/", f"{QUARANTINED_EVENTS}/")):
            files.append(name)
    if not files:
        return []
    tasks = spark.sparkContext.parallelize(files, max(len(files) // _FILES_A_TASK, 1))
    return sorted(tasks.filter(lambda name: _forget(storage.join(lake, name), listed)).collect())


def _forget(uri: str, listed: DoNotLoad) -> bool:
    """Write one file anew if it holds a listed customer."""
    with open_parquet(uri) as file:
        if USER_ID not in file.schema_arrow.names:
            return False
        has_int96 = any(file.schema.column(place).physical_type == "INT96" for place in range(len(file.schema)))
    gone = listed.holds(read_table(uri, [USER_ID])[USER_ID])
    if gone is None:
        return False
    rows = read_table(uri)
    _replace(uri, rows.filter(pc.invert(pc.fill_null(gone, False))), has_int96)
    return True


def _replace(uri: str, rows: pa.Table, has_int96: bool) -> None:
    """Write a file of Spark's anew, as Spark reads it; its note of the table's columns is kept."""
    with storage.replacing(uri) as target:
        with storage.open_output(target) as stream:
            pq.write_table(
                rows,
                stream,
                compression="zstd",
                write_page_checksum=True,
                use_deprecated_int96_timestamps=has_int96,
            )
        folder, _, name = uri.rpartition("/")
        checksum = storage.join(folder, f".{name}.crc")
        if storage.exists(checksum):
            storage.delete_file(checksum)  # of the old bytes: Hadoop would refuse the new ones
