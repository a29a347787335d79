"""Figures against values worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.modelling.metrics import auc_error, confusion, equal_mass, figures, nobody_leaves
from spark_assets.modelling.scored_outcomes import Outcomes, ranked

Pairs = list[tuple[float, int]]

PAIRS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.integers(0, 1)), min_size=2, max_size=40
)


def outcomes(pairs: Pairs) -> Outcomes:
    scores, labels = np.array([score for score, _ in pairs]), np.array([label for _, label in pairs])
    return ranked(scores, labels)(np.ones(len(pairs), np.int64))


def test_four_examples() -> None:
    found = figures(outcomes([(0.9, 1), (0.8, 0), (0.7, 1), (0.1, 0)]))
    assert found == pytest.approx(
        {
            "roc_auc": 0.75,  # 3 of 4 pairs in the right order
            "pr_auc": 0.5 * 1 + 0.5 * 2 / 3,
            "lift_top_tenth": 2.0,
            "mean_probability": 0.625,
            "brier": (0.01 + 0.64 + 0.09 + 0.01) / 4,
            "log_loss": -(math.log(0.9) + math.log(0.2) + math.log(0.7) + math.log(0.9)) / 4,
            "ece": (0.1 + 0.8 + 0.3 + 0.1) / 4,  # a bin for each
            "weighted_f1": (0.8 + 2 / 3) / 2,  # of leavers: 2 of 3 called, none missed; of stayers: 1 of 2 kept
            "brier_no_skill": 0.25,
            "log_loss_no_skill": math.log(2),
            "weighted_f1_no_skill": (2 / 3) / 2,
        }
    )


def test_lift_is_that_of_the_top_tenth() -> None:
    found = figures(outcomes([(0.99, 1), (0.98, 0), *[(0.5, 0)] * 17, (0.1, 1)]))
    assert found["lift_top_tenth"] == pytest.approx(0.5 / 0.1)


def test_customers_of_one_score_at_the_edge_of_the_tenth_count_in_part() -> None:
    found = figures(outcomes([*[(0.5, 1)] * 5, *[(0.5, 0)] * 15]))
    assert found["lift_top_tenth"] == pytest.approx(1)


def test_equal_probabilities_have_no_skill() -> None:
    found = figures(outcomes([*[(0.25, 1)] * 5, *[(0.25, 0)] * 15]))
    assert (found["roc_auc"], found["pr_auc"]) == (pytest.approx(0.5), pytest.approx(0.25))
    assert found["brier"] == pytest.approx(found["brier_no_skill"])
    assert found["log_loss"] == pytest.approx(found["log_loss_no_skill"])
    assert found["ece"] == pytest.approx(0)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_figure(pairs: Pairs, dice: object) -> None:
    mixed = list(pairs)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert figures(outcomes(mixed)) == figures(outcomes(pairs))


@given(PAIRS)
def test_area_is_the_share_of_pairs_in_order(pairs: Pairs) -> None:
    left = [score for score, label in pairs if label]
    stayed = [score for score, label in pairs if not label]
    found = figures(outcomes(pairs))["roc_auc"]
    if not left or not stayed:
        assert found is None
        return
    right = sum((one > other) + (one == other) / 2 for one in left for other in stayed)
    assert found == pytest.approx(right / len(left) / len(stayed))


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_has_no_ranking_but_a_score(label: int) -> None:
    found = figures(outcomes([(0.2, label), (0.4, label)]))
    assert [found[name] for name in ("roc_auc", "pr_auc", "lift_top_tenth")] == [None] * 3
    assert found["brier"] == pytest.approx(0.1 if label == 0 else 0.5)


def test_standard_error_of_an_area_shrinks_with_the_smaller_class() -> None:
    assert auc_error(0.5, 100, 100) == pytest.approx(math.sqrt(201 / 12 / 10_000))  # that of a rank sum
    assert auc_error(0.8, 10, 10_000) > 3 * auc_error(0.8, 100, 10_000) > 0
    assert auc_error(1.0, 10, 10) == 0


def test_no_examples_have_no_figures() -> None:
    nothing = np.zeros(0, np.int64)
    assert figures(Outcomes(np.zeros(0), nothing, nothing)) == {}


def test_nobody_leaves_is_right_about_stayers_and_blind() -> None:
    found = nobody_leaves(outcomes([(0.9, 1), *[(0.1, 0)] * 3]))
    assert (found["roc_auc"], found["pr_auc"], found["brier"], found["log_loss"]) == (0.5, 0.25, 0.25, None)
    assert found["weighted_f1"] == pytest.approx(found["weighted_f1_no_skill"])


def test_bins_hold_about_as_many_each() -> None:
    assert list(equal_mass(np.ones(20, np.int64), 10)) == sorted([*range(10)] * 2)
    assert list(equal_mass(np.array([15, 5]), 2)) == [0, 1]


@pytest.mark.parametrize(
    ("floor", "met"),
    [
        (0.0, (2, 2, 0, 0)),
        (0.7, (2, 1, 0, 1)),  # who has exactly the floor is called
        (0.71, (1, 1, 1, 1)),
        (0.95, (0, 0, 2, 2)),
    ],
)
def test_confusion_at_a_floor(floor: float, met: tuple[int, ...]) -> None:
    found = confusion(outcomes([(0.9, 1), (0.8, 0), (0.7, 1), (0.1, 0)]), floor)
    assert tuple(found[name] for name in ("hits", "false_alarms", "misses", "rest")) == met
