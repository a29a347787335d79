from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spark_assets.modelling.splits import CutOffSplit, split_cut_offs

NEWEST = date(2018, 11, 18)


def test_the_newest_cut_off_judges_and_overlapping_ones_are_left_out() -> None:
    cut_offs = [NEWEST - timedelta(days=days) for days in (0, 7, 14, 21)]
    assert split_cut_offs(cut_offs, 14) == CutOffSplit((date(2018, 10, 28), date(2018, 11, 4)), NEWEST)


def test_one_cut_off_trains_nothing_and_none_judges_nothing() -> None:
    assert split_cut_offs([NEWEST], 14) == CutOffSplit((), NEWEST)
    assert split_cut_offs([], 14) == CutOffSplit((), None)


@given(st.sets(st.integers(0, 120), min_size=1).map(sorted), st.integers(1, 90))
def test_every_training_label_was_known_at_the_evaluation_cut_off(days: list[int], horizon: int) -> None:
    split = split_cut_offs([NEWEST - timedelta(days=ago) for ago in days], horizon)
    assert split.evaluation is not None
    assert all(day + timedelta(days=horizon) <= split.evaluation for day in split.training)
    assert list(split.training) == sorted(split.training)
