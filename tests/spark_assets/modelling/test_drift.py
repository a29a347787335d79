import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.modelling.drift import bin_edges, bin_shares, psi

SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4)


def test_index_by_hand() -> None:
    many = -0.25 * math.log(0.5) + 0.25 * math.log(1.5)
    assert psi([0.5, 0.5], [0.25, 0.75], 10**9, 10**9) == pytest.approx(many)
    assert psi([0.5, 0.5], [0.25, 0.75], 9, 7) == pytest.approx(
        (2.25 / 8 - 0.5) * math.log(2.25 / 8 / 0.5) + (5.75 / 8 - 0.5) * math.log(5.75 / 8 / 0.5)
    )


@given(SHARES, SHARES)
def test_index_is_never_negative_alike_both_ways_and_zero_for_equals(before: list[float], after: list[float]) -> None:
    assert psi(before, after, 500, 200) >= 0
    assert psi(before, after, 500, 200) == pytest.approx(psi(after, before, 200, 500))
    assert psi(before, before, 500, 500) == 0


def test_an_empty_bin_weighs_what_its_customers_tell() -> None:
    """Nobody of 200,000 in a half is a shift; nobody of 20 in a decile is a fifth of all samples, and so no drift."""
    assert 5 < psi([0.5, 0.5], [1.0, 0.0], 10_000, 200_000) < 12
    deciles = [0.1] * 10
    assert psi(deciles, [0.0, 0.2, *deciles[2:]], 20_000, 20) < 0.25
    assert psi(deciles, [0.0, 0.2, *deciles[2:]], 20_000, 2_000) > 0.5


def test_small_samples_of_the_same_customers_do_not_drift() -> None:
    """Unsmoothed, one of five such samples was beyond 0.25."""
    dice = np.random.default_rng(5)
    expected = np.full(10, 0.1)
    drawn = [psi(expected, dice.multinomial(60, expected) / 60, 20_000, 60) for _ in range(500)]
    assert np.mean(np.array(drawn) > 0.25) < 0.08
    assert psi(expected, np.zeros(10), 20_000, 0) == 0


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
    assert psi(expected, bin_shares(dice.normal(size=5_000), edges), 5_000, 5_000) < 0.02
    assert psi(expected, bin_shares(dice.normal(loc=1, size=5_000), edges), 5_000, 5_000) > 0.5
