from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.lake import event_extents
from spark_assets.lake.event_extents import Extent, apart
from tests.spark_assets.ingest.samples import NOON, events_of


def extent(*events: tuple[int, int]) -> Extent:
    """The extent of events, each of a second after noon and of a user."""
    changes: list[dict[str, Any]] = [{"ts": NOON + 1000 * second, "userId": str(user)} for second, user in events]
    return Extent.of(events_of(*changes))


def test_an_extent_has_the_keys_of_its_first_and_last_moment() -> None:
    found = extent((3, 7), (0, 1), (1, 1), (0, 2), (3, 8), (3, 9))
    assert [len(edge.keys or ()) for edge in found.edges] == [2, 3]
    assert [edge.moment for edge in found.edges] == [found.span.first, found.span.last]
    assert len(extent((5, 1), (5, 2)).edges) == 1


def test_ranges_of_one_log_meet_in_a_second_and_are_apart() -> None:
    assert apart([extent((0, 1), (4, 1)), extent((4, 2), (9, 1)), extent((9, 2), (9, 3))])
    assert not apart([extent((0, 1), (4, 1)), extent((4, 2), (4, 1), (9, 1))])
    assert not apart([extent((0, 1), (4, 1)), extent((3, 2), (9, 1))])
    assert apart([])


def test_files_of_one_and_the_same_moment_are_all_compared() -> None:
    first, moment, last = extent((0, 1), (4, 1)), extent((4, 2)), extent((4, 3), (9, 1))
    assert apart([last, moment, first])
    assert not apart([extent((4, 1), (9, 1)), moment, first])


def test_a_moment_of_too_many_events_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_extents, "_MOST_KEYS", 1)
    assert apart([extent((0, 1), (4, 1)), extent((4, 2), (9, 1))])
    assert not apart([extent((0, 1), (4, 1)), extent((4, 2), (4, 3), (9, 1))])
    assert apart([extent((0, 1), (0, 2)), extent((4, 2), (9, 1))])


@given(st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=3), max_size=4))
def test_files_that_are_apart_share_no_event(files: list[list[tuple[int, int]]]) -> None:
    if apart([extent(*file) for file in files]):
        assert not any(set(one) & set(other) for one, other in combinations(files, 2))
