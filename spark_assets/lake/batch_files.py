"""Parquet files of a batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from spark_assets.lake import storage
from spark_assets.lake.event_extents import Extent

_HARDLY_REPEATED = ("event_at", "item_in_session")
"""Columns of events that a dictionary makes larger: files are a tenth smaller without."""

ROW_GROUP_ROWS = 131_072
"""Small enough that files which overlap in time for a second only need not be compared whole."""


WITHOUT_COLUMNS = "an earlier version of Encore wrote it, without"


class UnreadableParquetError(Exception):
    """A Parquet file is damaged, gone, or of an earlier version; the text begins with its URI."""


@contextmanager
def open_parquet(uri: str) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file to read; what it holds is compared with its checksums.

    Raises:
        UnreadableParquetError: its bytes are not those that were written, or it is not there.
    """
    filesystem, path = storage.resolve(uri)
    try:
        with filesystem.open_input_file(path) as stream:
            yield pq.ParquetFile(stream, page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError) as error:
        if _is_of_the_file(error):
            raise UnreadableParquetError(f"{uri}: {error}") from error
        raise


def _is_of_the_file(error: Exception) -> bool:
    """Whether the file is to blame: Arrow tells of broken pages without a number, unlike of disks that fail."""
    if isinstance(error, FileNotFoundError) or not isinstance(error, OSError):
        return True
    return not error.errno and "AWS" not in str(error)


@dataclass(frozen=True)
class WrittenFile:
    """A Parquet file: path relative to its batch folder, rows, date and extent of its events (None in quarantine)."""

    path: str
    rows: int
    event_date: date | None = None
    extent: Extent | None = None

    @classmethod
    def of(cls, events: pa.Table, path: str, event_date: date | None) -> "WrittenFile":
        """The file that holds `events`."""
        return cls(path, events.num_rows, event_date, Extent.of(events))


def write_table(table: pa.Table, uri: str) -> None:
    """Write one Parquet file, making its folder."""
    with storage.open_output(uri) as stream:
        pq.write_table(
            table,
            stream,
            compression="zstd",
            coerce_timestamps="ms",
            row_group_size=ROW_GROUP_ROWS,
            write_page_checksum=True,  # bytes that rot on a disk are found when they are read
            write_statistics=table.schema.names[:1],  # spans of time are compared, other columns never
            use_dictionary=[name for name in table.schema.names if name not in _HARDLY_REPEATED],
        )


def read_table(uri: str, columns: Sequence[str] | None = None, group: int | None = None) -> pa.Table:
    """Read one Parquet file, or some columns or one row group of it, on one core.

    Raises:
        UnreadableParquetError: the file is damaged or gone, or lacks a column.
    """
    named = None if columns is None else list(columns)
    with open_parquet(uri) as file:
        missing = [name for name in named or () if name not in file.schema_arrow.names]
        if missing:
            raise UnreadableParquetError(f"{uri}: {WITHOUT_COLUMNS} {', '.join(missing)}")
        if group is None:
            return file.read(columns=named, use_threads=False)
        return file.read_row_group(group, columns=named, use_threads=False)


def replace_table(uri: str, rows: pa.Table) -> None:
    """Put `rows` in place of a Parquet file, or delete it when there are none."""
    if not rows.num_rows:
        storage.delete_file(uri)
        return
    with storage.replacing(uri) as target:
        write_table(rows, target)
