from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spark_assets.modelling.splits import (
    BY_LISTENER,
    FORWARD,
    GROUPS,
    JUDGES,
    Count,
    NotTrainableError,
    Plan,
    Side,
    count,
    newest,
    plan,
)

NEWEST = date(2018, 11, 19)
Counted = dict[tuple[date, int], Count]


def counts(days_before: Iterable[int], examples: int = 100, leavers: int = 10) -> Counted:
    return {
        (NEWEST - timedelta(days=days), group): Count(examples, leavers)
        for days in days_before
        for group in range(GROUPS)
    }


def days(cut_offs: Iterable[date]) -> list[int]:
    return sorted((NEWEST - cut_off).days for cut_off in cut_offs)


def test_the_newest_cut_off_judges_and_the_search_goes_forward() -> None:
    found = plan(counts(range(0, 42, 7)), horizon_days=14, most_folds=3)
    assert (found.judging, found.searching) == (FORWARD, FORWARD)
    assert (days(found.fit.cut_offs), days(found.judge.cut_offs)) == ([14, 21, 28, 35], [0])
    assert [(days(fold.fit.cut_offs), days(fold.validate.cut_offs)) for fold in found.folds] == [
        ([28, 35], [14]),
        ([35], [21]),
    ]


def test_calibration_learns_from_all_listeners_but_those_it_looks_at() -> None:
    found = plan(counts(range(0, 42, 7)), horizon_days=14, most_folds=3)
    assert frozenset().union(*(fold.validate.groups for fold in found.calibrate)) == found.fit.groups
    for fold in found.calibrate:
        assert fold.fit.cut_offs == fold.validate.cut_offs == found.fit.cut_offs
        assert fold.fit.groups == found.fit.groups - fold.validate.groups
    assert [len(fold.validate.groups) for fold in found.calibrate] == [1] * GROUPS


def test_the_newest_validations_are_taken() -> None:
    found = plan(counts(range(0, 70, 7)), horizon_days=7, most_folds=2)
    assert [days(fold.validate.cut_offs) for fold in found.folds] == [[7], [14]]


def test_the_newest_cut_offs_with_thirty_leavers_tell_the_level() -> None:
    side = Side(tuple(NEWEST - timedelta(days=7 * week) for week in range(4)))
    for leavers, weeks in ((6, 1), (5, 2), (2, 3), (1, 4)):
        assert days(newest(counts(range(0, 28, 7), leavers=leavers), side)) == [7 * week for week in range(weeks)]
    half = Side(side.cut_offs[1:], frozenset({0, 1, 2}))
    assert days(newest(counts(range(0, 28, 7), leavers=6), half)) == [7, 14]


def test_without_room_for_a_fold_in_time_listeners_validate() -> None:
    found = plan(counts([0, 14, 21]), horizon_days=14, most_folds=3)
    assert (found.judging, found.searching) == (FORWARD, BY_LISTENER)
    assert len(found.folds) == GROUPS
    for fold in found.folds:
        assert not fold.fit.groups & fold.validate.groups
    assert found.calibrate == found.folds


def test_without_room_to_judge_in_time_other_listeners_judge() -> None:
    found = plan(counts([0, 7, 14]), horizon_days=30, most_folds=3)
    assert (found.judging, found.searching) == (BY_LISTENER, BY_LISTENER)
    assert (days(found.fit.cut_offs), days(found.judge.cut_offs)) == ([0, 7, 14], [0])
    assert found.judge.groups == JUDGES
    for fold in found.folds:
        assert not (fold.fit.groups | fold.validate.groups) & JUDGES


def test_folds_with_hardly_a_leaver_are_no_folds() -> None:
    few = counts(range(0, 42, 7)) | counts([35], leavers=0)
    assert [days(fold.validate.cut_offs) for fold in plan(few, 14, 3).folds] == [[14]]


@given(
    st.sets(st.integers(0, 120), min_size=1),
    st.integers(1, 90),
    st.integers(1, 10),
    st.integers(0, 10),
)
def test_no_label_window_crosses_a_side(ago: set[int], horizon: int, most: int, leavers: int) -> None:
    counted = counts(ago, leavers=leavers)
    try:
        found = plan(counted, horizon, most)
    except NotTrainableError:
        assume(False)
        return
    for fit, then in [(found.fit, found.judge), *((fold.fit, fold.validate) for fold in found.folds)]:
        before = all(day + timedelta(days=horizon) <= min(then.cut_offs) for day in fit.cut_offs)
        assert before or not fit.groups & then.groups
    assert all(_within(fold.fit, found) and _within(fold.validate, found) for fold in found.folds)
    assert count(counted, found.fit).leavers >= 10


def _within(side: object, found: Plan) -> bool:
    return set(side.cut_offs) <= set(found.fit.cut_offs) and side.groups <= found.fit.groups  # type: ignore[attr-defined]


def test_logs_without_a_complete_horizon_say_so() -> None:
    with pytest.raises(
        NotTrainableError, match=r"The logs are too short: no cut-off has a complete horizon of 14 days"
    ):
        plan({}, 14, 3)


def test_too_few_leavers_or_stayers_say_so() -> None:
    with pytest.raises(NotTrainableError, match=r"Only 0 of 300 training examples .* within 14 days; at least 10"):
        plan(counts([0], leavers=0), 14, 3)
    with pytest.raises(NotTrainableError, match="Only 300 of 300"):
        plan(counts([0], leavers=100), 14, 3)


def test_leavers_of_one_group_of_customers_say_so() -> None:
    counted = counts([0, 14], leavers=0) | {(NEWEST - timedelta(days=14), 2): Count(100, 50)}
    with pytest.raises(NotTrainableError, match="too few customers for a search over 5 groups"):
        plan(counted, 14, 3)


def test_groups_without_a_leaver_validate_together_with_others() -> None:
    cut_off = NEWEST - timedelta(days=14)
    leavers = {(cut_off, 1): Count(100, 9), (cut_off, 3): Count(100, 5)}
    counted = counts([14], leavers=0) | counts([0], leavers=0) | leavers
    found = plan(counted, 14, 3)
    assert found.searching == BY_LISTENER
    assert [fold.validate.groups for fold in found.folds] == [{0, 1}, {2, 3, 4}]
    assert [fold.fit.groups for fold in found.folds] == [{2, 3, 4}, {0, 1}]
    assert [fold.name for fold in found.folds] == ["listeners 0+1", "listeners 2+3+4"]
