import numpy as np
import pytest

from spark_assets.modelling.evaluation import at_floor, judge
from spark_assets.modelling.scored_outcomes import Outcomes
from spark_assets.modelling.training import Recipe

WINDOW = Outcomes(np.array([0.4, 0.1]), np.array([20, 5]), np.array([30, 45]))
UNSEEN = Outcomes(np.array([0.4, 0.1]), np.array([40, 10]), np.array([60, 90]))
NOBODY = Outcomes(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64))
FLOORS = {"medium": 0.1, "high": 0.3}
RECIPE = Recipe(horizon_days=14, cut_off_every_days=7, bootstrap_replicates=100)


def test_figures_are_of_the_window_alone_and_the_table_of_both() -> None:
    judged = judge(WINDOW, UNSEEN, FLOORS, RECIPE)
    assert (judged.metrics["examples"], judged.metrics["leavers"], judged.metrics["base_rate"]) == (100, 25, 0.25)
    assert set(judged.metrics["intervals"]) >= {"roc_auc", "pr_auc", "brier", "ece", "lift_top_tenth"}
    assert sum(row["examples"] for row in judged.reliability) == 100
    assert sum(row["examples"] for row in judged.of_a_hundred) == 300
    assert [row["rate"] for row in judged.reliability] == pytest.approx([0.4, 0.1])


def test_overlapping_label_windows_widen_the_table_only() -> None:
    apart = judge(WINDOW, UNSEEN, FLOORS, Recipe(horizon_days=7, cut_off_every_days=7, bootstrap_replicates=100))
    overlapping = judge(WINDOW, UNSEEN, FLOORS, RECIPE)
    assert overlapping.reliability == apart.reliability
    for wide, narrow in zip(overlapping.of_a_hundred, apart.of_a_hundred, strict=True):
        assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_a_window_without_customers_has_no_figures() -> None:
    judged = judge(NOBODY, UNSEEN, FLOORS, RECIPE)
    assert (judged.metrics, judged.reliability, judged.confusion) == ({}, [], [])
    assert sum(row["examples"] for row in judged.of_a_hundred) == 200


def test_each_floor_has_its_confusion_the_highest_first() -> None:
    high, medium = judge(WINDOW, UNSEEN, FLOORS, RECIPE).confusion
    assert [(row["band"], row["floor"]) for row in (high, medium)] == [("high", 0.3), ("medium", 0.1)]
    assert [high[name] for name in ("hits", "false_alarms", "misses", "rest")] == [20, 30, 5, 45]
    assert (high["precision"], high["recall"]) == (pytest.approx(0.4), pytest.approx(0.8))
    # Wilson's interval of 20 of 50, by hand: (0.4 + 0.0384) / 1.0768 -+ 1.96 * sqrt(0.0048 + 0.000384) / 1.0768
    assert high["precision_interval"] == pytest.approx([0.2761, 0.5382], abs=1e-4)
    assert [medium[name] for name in ("hits", "false_alarms", "misses", "rest")] == [25, 75, 0, 0]
    assert medium["recall"] == 1.0


def test_a_floor_that_nobody_reaches_has_no_precision() -> None:
    found = at_floor(WINDOW, "high", 0.9)
    assert (found["precision"], found["precision_interval"]) == (None, None)
    assert (found["hits"], found["misses"], found["recall"]) == (0, 25, 0.0)
