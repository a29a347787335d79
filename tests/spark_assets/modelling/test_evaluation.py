import numpy as np
import pytest

from spark_assets.modelling.evaluation import reliability, wilson
from spark_assets.modelling.scored_outcomes import Outcomes


def test_each_bin_tells_what_came_of_its_scores() -> None:
    outcomes = Outcomes(np.array([0.4, 0.2, 0.1]), np.array([40, 5, 5]), np.array([60, 45, 45]))
    high, *_, low = reliability(outcomes)
    assert (high["least"], high["greatest"], high["examples"], high["leavers"]) == (0.4, 0.4, 100, 40)
    assert (high["rate"], high["mean_probability"]) == (0.4, pytest.approx(0.4))
    assert high["low"] < 0.4 < high["high"]
    assert low["greatest"] == 0.1


def test_bins_hold_every_customer_once_and_few_customers_are_one_bin() -> None:
    dice = np.random.default_rng(1)
    scores = np.sort(dice.random(700))[::-1]
    left = (dice.random(700) < scores).astype(np.int64)
    rows = reliability(Outcomes(scores, left, 1 - left))
    assert [row["examples"] for row in rows] == [70] * 10
    assert sum(row["leavers"] for row in rows) == left.sum()
    assert len(reliability(Outcomes(scores[:60], left[:60], 1 - left[:60]))) == 1


def test_overlapping_windows_widen_the_interval_and_change_no_rate() -> None:
    outcomes = Outcomes(np.array([0.4]), np.array([40]), np.array([60]))
    (alone,), (overlapping,) = reliability(outcomes), reliability(outcomes, overlap=2.0)
    assert alone["rate"] == overlapping["rate"]
    assert overlapping["high"] - overlapping["low"] > 1.3 * (alone["high"] - alone["low"])


def test_wilson_by_hand_and_within_bounds() -> None:
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-3))
    assert wilson(10, 10) == (pytest.approx(0.7225, abs=1e-3), 1.0)
