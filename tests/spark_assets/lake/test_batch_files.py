from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from spark_assets.lake.batch_files import ROW_GROUP_ROWS, WrittenFile, read_table, replace_table, write_table
from spark_assets.lake.event_extents import Span
from spark_assets.lake.schema import EVENT_SCHEMA
from tests.spark_assets.ingest.samples import NOON, events_of

NOON_AT = datetime(2018, 12, 1, 12, tzinfo=UTC)


def test_a_table_reads_back_as_it_was_written_into_a_new_folder(tmp_path: Path) -> None:
    events = events_of({"song": "Prélude \U0001f3b5", "registration": None}, {"length": None, "artist": ""}, source=7)
    path = tmp_path / "день 1" / "event_date=2018-12-01" / "part.parquet"
    write_table(events, str(path))
    found = pq.ParquetFile(path).read()
    assert found.schema.equals(EVENT_SCHEMA)
    assert found.to_pylist() == events.to_pylist()


def test_a_file_knows_its_rows_and_its_first_and_last_moment() -> None:
    events = events_of({"ts": NOON + 2000}, {"ts": NOON}, {"ts": NOON + 1})
    found = WrittenFile.of(events, "a/b.parquet", date(2018, 12, 1))
    assert found == WrittenFile("a/b.parquet", 3, date(2018, 12, 1), found.extent)
    assert found.extent is not None
    assert found.extent.span == Span(NOON_AT, NOON_AT.replace(second=2))


def test_row_groups_are_small_and_know_their_times_and_codec(tmp_path: Path) -> None:
    events = events_of({"ts": NOON}).take([0] * (ROW_GROUP_ROWS + 5))
    write_table(events, str(tmp_path / "part.parquet"))
    footer = pq.ParquetFile(tmp_path / "part.parquet").metadata
    assert [footer.row_group(index).num_rows for index in range(footer.num_row_groups)] == [ROW_GROUP_ROWS, 5]
    times = footer.row_group(1).column(0)
    assert (times.statistics.min, times.statistics.max, times.compression) == (NOON_AT, NOON_AT, "ZSTD")


def test_a_file_is_read_in_part_and_replaced_by_what_is_left_of_it(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    write_table(events_of({"song": "a"}, {"song": "b"}), str(path))
    assert read_table(str(path), ["song"]).to_pydict() == {"song": ["a", "b"]}
    rows = read_table(str(path))
    replace_table(str(path), rows.slice(1))
    assert read_table(str(path))["song"].to_pylist() == ["b"]
    assert [found.name for found in tmp_path.iterdir()] == ["part.parquet"]
    replace_table(str(path), rows.slice(2))
    assert list(tmp_path.iterdir()) == []
