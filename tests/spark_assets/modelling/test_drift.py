import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.modelling.drift import bin_edges, bin_shares, psi

SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4)


def test_index_by_hand() -> None:
    assert psi([0.5, 0.5], [0.25, 0.75]) == pytest.approx(-0.25 * math.log(0.5) + 0.25 * math.log(1.5))


@given(SHARES, SHARES)
def test_index_is_never_negative_alike_both_ways_and_zero_for_equals(before: list[float], after: list[float]) -> None:
    assert psi(before, after) >= 0
    assert psi(before, after) == pytest.approx(psi(after, before))
    assert psi(before, before) == 0


def test_an_empty_bin_weighs_much_but_not_endlessly() -> None:
    assert 1 < psi([0.5, 0.5], [1.0, 0.0]) < 10


def test_shares_by_bin_with_the_unknown_apart() -> None:
    edges = bin_edges([1, 1, 3])
    assert list(edges) == [1, 3]
    assert list(bin_shares(np.array([0, 1, 2, 9, np.nan]), edges)) == [0.4, 0.2, 0.2, 0.2]


def test_without_rows_or_without_edges_there_are_still_bins() -> None:
    assert list(bin_shares(np.array([]), bin_edges([2]))) == [0, 0, 0]
    assert list(bin_shares(np.array([5.0, np.nan]), bin_edges([]))) == [0.5, 0.5]


def test_a_shift_of_one_standard_deviation_is_seen_and_a_second_draw_is_not() -> None:
    dice = np.random.default_rng(3)
    before = dice.normal(size=5_000)
    edges = bin_edges(np.quantile(before, np.arange(0.1, 1, 0.1)).tolist())
    expected = bin_shares(before, edges)
    assert psi(expected, bin_shares(dice.normal(size=5_000), edges)) < 0.02
    assert psi(expected, bin_shares(dice.normal(loc=1, size=5_000), edges)) > 0.5
