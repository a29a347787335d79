import numpy as np
import pytest

from spark_assets.modelling.judging import judge
from spark_assets.modelling.outcomes import Outcomes
from spark_assets.modelling.train import Recipe

WINDOW = Outcomes(np.array([0.4, 0.1]), np.array([20, 5]), np.array([30, 45]))
UNSEEN = Outcomes(np.array([0.4, 0.1]), np.array([40, 10]), np.array([60, 90]))
NOBODY = Outcomes(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64))
RECIPE = Recipe(horizon_days=14, cut_off_every_days=7, bootstrap_replicates=100)


def test_figures_are_of_the_window_alone_and_the_table_of_both() -> None:
    judged = judge(WINDOW, UNSEEN, RECIPE)
    assert (judged.metrics["examples"], judged.metrics["leavers"], judged.metrics["base_rate"]) == (100, 25, 0.25)
    assert set(judged.metrics["intervals"]) >= {"roc_auc", "pr_auc", "brier", "ece", "lift_top_tenth"}
    assert sum(row["examples"] for row in judged.reliability) == 100
    assert sum(row["examples"] for row in judged.of_a_hundred) == 300
    assert [row["rate"] for row in judged.reliability] == pytest.approx([0.4, 0.1])


def test_overlapping_label_windows_widen_the_table_only() -> None:
    apart = judge(WINDOW, UNSEEN, Recipe(horizon_days=7, cut_off_every_days=7, bootstrap_replicates=100))
    overlapping = judge(WINDOW, UNSEEN, RECIPE)
    assert overlapping.reliability == apart.reliability
    for wide, narrow in zip(overlapping.of_a_hundred, apart.of_a_hundred, strict=True):
        assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_a_window_without_customers_has_no_figures() -> None:
    judged = judge(NOBODY, UNSEEN, RECIPE)
    assert (judged.metrics, judged.reliability) == ({}, [])
    assert sum(row["examples"] for row in judged.of_a_hundred) == 200
