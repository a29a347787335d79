import numpy as np
import pytest

from spark_assets.modelling.metrics import RANKING, figures, intervals
from spark_assets.modelling.scored_outcomes import Outcomes, ranked


def drawn(customers: int, seed: int) -> Outcomes:
    """Customers whose label is drawn with their probability."""
    dice = np.random.default_rng(seed)
    scores = dice.beta(1, 9, customers)
    return ranked(scores, (dice.random(customers) < scores).astype(np.int64))(np.ones(customers, np.int64))


def test_same_seed_same_intervals_and_they_hold_the_figure() -> None:
    window = drawn(600, 1)
    found = intervals(window, 200, seed=3)
    assert found == intervals(window, 200, seed=3)
    assert found != intervals(window, 200, seed=4)
    for name in ("roc_auc", "pr_auc", "brier", "log_loss", "lift_top_tenth"):
        value, interval = figures(window)[name], found[name]
        assert value is not None
        assert interval is not None
        assert interval[0] < value < interval[1], name


def test_four_times_the_customers_halve_the_interval() -> None:
    few, many = (intervals(drawn(customers, 5), 400, seed=1)["brier"] for customers in (1_000, 4_000))
    assert few is not None
    assert many is not None
    assert (many[1] - many[0]) / (few[1] - few[0]) == pytest.approx(0.5, abs=0.12)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = figures(drawn(200_000, 99))["roc_auc"]
    assert truth is not None
    hits = 0
    for seed in range(60):
        interval = intervals(drawn(400, seed), 100, seed=0)["roc_auc"]
        assert interval is not None
        hits += interval[0] <= truth <= interval[1]
    assert hits >= 50  # 57 expected; fewer than 50 in one of a thousand tries


def test_two_leavers_give_no_interval_of_ranking() -> None:
    """Drawn anew, their two ranks span an interval that holds nothing else; the truth lies far outside of it."""
    found = intervals(Outcomes(np.array([0.2, 0.1, 0.05]), np.array([0, 1, 1]), np.array([60, 60, 60])), 50, 0)
    assert [found[name] for name in RANKING] == [None, None, None]
    assert found["brier"] is not None


def test_one_class_has_intervals_of_its_probabilities_only() -> None:
    found = intervals(Outcomes(np.array([0.2, 0.1]), np.array([0, 0]), np.array([5, 5])), 50, 0)
    assert found["roc_auc"] is None
    assert found["brier"] is not None


def test_nobody_has_none() -> None:
    nothing = np.zeros(0, np.int64)
    assert intervals(Outcomes(np.zeros(0), nothing, nothing), 50, 0) == {}
