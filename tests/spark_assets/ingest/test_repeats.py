"""However lines are dealt out to files and batches, and however often they come, each event counts once."""

import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from spark_assets.ingest.checking import to_events
from spark_assets.ingest.parsing import parse_lines
from spark_assets.ingest.repeats import once
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, drop, line, text

CHANGES = [
    {"ts": NOON},
    {"ts": NOON, "song": "other"},
    {"ts": NOON, "song": None},
    {"ts": NOON, "song": None, "artist": None},
    {"ts": NOON, "itemInSession": 4},
    {"ts": NOON + 1},
    {"ts": NOON, "userId": "300002"},
    {"ts": NOON, "length": 223.25},
    {"ts": NOON, "length": None},
    {"ts": NOON + 86_400_000},
]


def events(choices: list[int]) -> pa.Table:
    return to_events(parse_lines([line(**CHANGES[choice]) for choice in choices]).rows, source=2)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, len(CHANGES) - 1), min_size=1, max_size=30))
def test_the_first_of_equal_events_stays_and_only_equal_ones_go(choices: list[int]) -> None:
    kept, repeated = once(events(choices))
    first = list(dict.fromkeys(choices))
    assert kept.to_pylist() == events(first).to_pylist()
    assert sum(repeated.values()) == len(choices) - len(first)
    assert set(repeated) <= {2}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_way_of_dealing_out_the_lines_gives_the_same_tables(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - sample data
    lines = [line(song=f"song {number}", ts=NOON + dice.randrange(3) * 43_200_000) for number in range(40)]
    (tmp_path / "inbox").mkdir()
    lake = Lake(spark, tmp_path)
    for batch in range(3):
        for file in range(3):
            dealt = dice.sample(lines, 15)
            drop(lake.inbox, f"{batch}/{file}.json{dice.choice(('', '.gz'))}", text(dealt + dealt[:2]))
        lake.ingest()
    drop(lake.inbox, "all.json", text(lines))
    rest = lake.ingest_batch()
    assert lake.songs() == {f"song {number}": 1 for number in range(40)}
    whole = rest["files"][0]
    assert (whole["read"], whole["kept"] + whole["repeated"]) == (40, 40)


def test_a_file_that_grows_brings_each_line_once(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    lines = [line(song=f"song {number}") for number in range(10)]
    whole = text(lines)
    for size in (0, len(lines[0]) // 2, len(whole) // 3, len(whole) // 3, len(whole) - 1, len(whole)):
        drop(lake.inbox, "log.json", whole[:size])
        lake.ingest()
    assert lake.songs() == {f"song {number}": 1 for number in range(10)}
