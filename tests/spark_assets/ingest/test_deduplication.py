"""Of equal events the first stays, whichever file, row group or batch the others stand in; no other event goes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_assets.ingest import deduplication
from spark_assets.ingest.deduplication import Day, DayResult, leave_out_repeats, once
from spark_assets.lake import batch_files as files_module
from spark_assets.lake import storage
from spark_assets.lake.batch_files import WrittenFile, write_table
from spark_assets.lake.schema import CONTENT_SCHEMA
from tests.spark_assets.ingest.samples import NOON, events_of

DAY = date(2018, 12, 1)
CHANGES: list[dict[str, Any]] = [
    {},
    {"song": "other"},
    {"song": None},
    {"song": None, "artist": None},
    {"song": ""},
    {"itemInSession": 4},
    {"ts": NOON + 1},
    {"userId": "300002"},
    {"length": 223.25},
    {"length": None},
    {"level": "free"},
    {"registration": None},
]
choices = st.lists(st.integers(0, len(CHANGES) - 1), max_size=12)


def events(chosen: Sequence[int], source: int = 0) -> pa.Table:
    return events_of(*(CHANGES[choice] for choice in chosen), source=source)


def write(folder: Path, name: str, table: pa.Table) -> WrittenFile:
    write_table(table, str(folder / name))
    return WrittenFile.of(table, name, DAY)


def read(folder: Path, files: Sequence[WrittenFile]) -> list[dict[str, Any]]:
    return [row for file in files for row in pq.ParquetFile(folder / file.path).read().to_pylist()]


def leave_out(folder: Path, *new: WrittenFile, known: Sequence[Path] = ()) -> DayResult:
    return leave_out_repeats(str(folder), Day(DAY, new, tuple(map(str, known))))


def collide(patch: pytest.MonkeyPatch) -> None:
    """Give every event the same key."""
    patch.setattr(deduplication, "keys_of", lambda table: np.zeros(table.num_rows, dtype=np.uint64))


@settings(max_examples=150, deadline=None)
@given(choices.filter(bool), st.booleans())
def test_once_keeps_the_first_of_equal_events_in_their_order(chosen: list[int], colliding: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if colliding:
            collide(patch)
        kept, repeated = once(events(chosen, source=2))
    first = list(dict.fromkeys(chosen))
    assert kept.to_pylist() == events(first, source=2).to_pylist()
    assert repeated == Counter({2: len(chosen) - len(first)})


def test_once_counts_the_later_source_and_keeps_the_earlier() -> None:
    table = pa.concat_tables([events([0, 1], source=5), events([1, 0, 2], source=3), events([2], source=5)])
    kept, repeated = once(table)
    assert kept["source"].to_pylist() == [5, 5, 3]
    assert repeated == Counter({3: 2, 5: 1})


@settings(max_examples=80, deadline=None)
@given(
    batches=st.lists(st.lists(choices.filter(bool), min_size=1, max_size=3), min_size=1, max_size=3),
    group_rows=st.sampled_from([1, 2, 100]),
    colliding=st.booleans(),
)
def test_over_batches_files_and_row_groups_each_event_stays_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[list[int]]], group_rows: int, colliding: bool
) -> None:
    home = tmp_path_factory.mktemp("lake")
    expected: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files_module, "ROW_GROUP_ROWS", group_rows)
        if colliding:
            collide(patch)
        folders: list[Path] = []
        for number, batch in enumerate(batches):
            folder = home / str(number)
            tables = [once(events(chosen, source))[0] for source, chosen in enumerate(batch)]
            new = [write(folder, f"{source}.parquet", table) for source, table in enumerate(tables)]
            result = leave_out(folder, *new, known=folders)
            rows = read(folder, result.files)
            unseen = [choice for chosen in batch for choice in chosen if choice not in expected]
            expected += dict.fromkeys(unseen)
            assert sum(file.rows for file in result.files) == len(rows)
            assert sum(result.repeated.values()) == sum(table.num_rows for table in tables) - len(rows)
            for path, _ in storage.list_files(str(folder)):
                if path not in {file.path for file in result.files}:
                    (folder / path).unlink()
            folders.append(folder)
    found = [pq.ParquetFile(path).read() for folder in folders for path in sorted(folder.glob("*.parquet"))]
    content = [row for table in found for row in table.select(CONTENT_SCHEMA.names).to_pylist()]
    wanted = events(expected).select(CONTENT_SCHEMA.names).to_pylist()
    assert sorted(map(repr, content)) == sorted(map(repr, wanted))


def test_what_an_earlier_batch_holds_stays_there(tmp_path: Path) -> None:
    old, folder = tmp_path / "old", tmp_path / "new"
    write(old, "a.parquet", events([0, 1], source=9))
    before = (old / "a.parquet").read_bytes()
    result = leave_out(
        folder,
        write(folder, "a.parquet", events([1, 2], source=4)),
        write(folder, "b.parquet", events([2, 3], source=6)),
        known=[old],
    )
    assert result.repeated == Counter({4: 1, 6: 1})
    assert [row["source"] for row in read(folder, result.files)] == [4, 6]
    assert [(file.rows, file.event_date) for file in result.files] == [(1, DAY), (1, DAY)]
    assert (old / "a.parquet").read_bytes() == before


def test_a_file_of_nothing_but_repeats_counts_no_more(tmp_path: Path) -> None:
    old, folder = tmp_path / "old", tmp_path / "new"
    write(old, "a.parquet", events([0, 1]))
    result = leave_out(folder, write(folder, "a.parquet", events([1, 0], source=2)), known=[old])
    assert (result.files, result.repeated) == ([], Counter({2: 2}))


def test_files_without_repeats_are_not_written_anew(tmp_path: Path) -> None:
    new = [write(tmp_path, "a.parquet", events([0, 6])), write(tmp_path, "b.parquet", events([1, 2]))]
    assert leave_out(tmp_path, *new) == DayResult(new)
    with pytest.MonkeyPatch.context() as patch:
        collide(patch)
        assert leave_out(tmp_path, *new) == DayResult(new)
    assert len(list(tmp_path.iterdir())) == 2


def test_old_files_are_left_for_a_second_attempt_which_finds_the_same(tmp_path: Path) -> None:
    new = [write(tmp_path, "a.parquet", events([0, 1])), write(tmp_path, "b.parquet", events([1, 2], source=1))]
    first = leave_out(tmp_path, *new)
    assert leave_out(tmp_path, *new) == first
    assert len(read(tmp_path, first.files)) == 3


def test_only_row_groups_that_meet_in_time_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "ROW_GROUP_ROWS", 2)
    hour = 3_600_000
    times = [{"ts": NOON + number * hour} for number in range(6)]
    new = [
        write(tmp_path, "a.parquet", events_of(*times)),
        write(tmp_path, "b.parquet", events_of(*times[3:4], {"ts": NOON + 7 * hour}, source=1)),
    ]
    looked_at = [(Path(part.uri).name, part.group) for part in deduplication._overlapping_parts(paths(tmp_path, new))]
    assert looked_at == [("a.parquet", 1), ("a.parquet", 2), ("b.parquet", 0)]
    result = leave_out(tmp_path, *new)
    assert (sum(file.rows for file in result.files), result.repeated) == (7, Counter({1: 1}))


def paths(folder: Path, files: Sequence[WrittenFile]) -> list[str]:
    return [str(folder / file.path) for file in files]
