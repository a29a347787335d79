import subprocess
import sys
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from spark_assets.lake.event_extents import KEY_COLUMNS, keys_of
from spark_assets.lake.schema import EVENT_SCHEMA
from tests.spark_assets.ingest.samples import NOON, events_of

CHANGES = [
    {},
    {"ts": NOON + 1},
    {"userId": "300002"},
    {"userId": "é"},
    {"page": "Home"},
    {"sessionId": 18},
    {"sessionId": None},
    {"sessionId": 0},
    {"itemInSession": 4},
    {"itemInSession": None},
    {"itemInSession": 0},
    {"length": None},
    {"length": 0},
    {"sessionId": None, "itemInSession": None},
]


def many_events(rows: int) -> pa.Table:
    """Random events as a busy service logs them: few pages, users and lengths, many at one moment."""
    dice = np.random.default_rng(5)
    columns = {
        "event_at": pa.array(NOON + dice.integers(0, 200_000, rows) * 1000).cast(EVENT_SCHEMA.field("event_at").type),
        "session_id": pa.array(dice.integers(0, 5000, rows)),
        "item_in_session": pa.array(dice.integers(0, 200, rows), mask=dice.random(rows) < 0.05),
        "length": pa.array(np.round(dice.random(rows) * 400, 2), mask=dice.random(rows) < 0.2),
        "user_id": pa.array([str(user) for user in dice.integers(300_000, 320_000, rows)]),
        "page": pa.array(dice.choice(["NextSong", "Home", "Thumbs Up", "Roll Advert"], rows)),
    }
    return pa.table(columns).group_by(list(KEY_COLUMNS)).aggregate([])


def test_events_that_differ_in_a_key_column_have_different_keys() -> None:
    keys = keys_of(events_of(*CHANGES))
    assert keys.dtype == np.uint64
    assert len(set(keys.tolist())) == len(CHANGES)


def test_values_that_change_places_change_the_key() -> None:
    one, other = keys_of(events_of({"sessionId": 3, "itemInSession": 17}, {"sessionId": 17, "itemInSession": 3}))
    assert one != other


def test_other_columns_and_the_source_leave_the_key_alone() -> None:
    here, there = events_of({}, source=1), events_of({"song": "other", "artist": None, "level": "free"}, source=2)
    assert keys_of(here).tolist() == keys_of(there).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_equal_events_have_equal_keys_however_they_lie_in_chunks(seed: int) -> None:
    whole = events_of(*CHANGES)
    dice = np.random.default_rng(seed)
    order = dice.integers(0, len(CHANGES), 40)
    shuffled = whole.take(pa.array(order)).combine_chunks()
    cuts = [0, *sorted(dice.integers(0, 41, 6).tolist()), 40]  # chunks may be empty
    chunked = pa.concat_tables([shuffled.slice(low, high - low) for low, high in pairwise(cuts)])
    assert keys_of(chunked).tolist() == keys_of(whole)[order].tolist()


def test_no_events_have_no_keys() -> None:
    empty = EVENT_SCHEMA.empty_table()
    assert len(keys_of(empty)) == 0
    no_chunks = pa.table([pa.chunked_array([], type=field.type) for field in EVENT_SCHEMA], schema=EVENT_SCHEMA)
    assert len(keys_of(no_chunks)) == 0


def test_keys_are_the_same_in_every_process() -> None:
    program = (
        "from spark_assets.lake.event_extents import keys_of; from tests.spark_assets.ingest.samples import events_of; "
        "print(keys_of(events_of({}))[0])"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert int(elsewhere.stdout) == keys_of(events_of({}))[0]


def test_in_a_large_sample_no_two_events_share_a_key() -> None:
    events = many_events(500_000)
    keys = keys_of(events)
    assert events.num_rows > 490_000
    assert len(np.unique(keys)) == len(keys)
