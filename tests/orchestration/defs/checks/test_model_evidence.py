import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from orchestration.defs.checks.model import TRAINED_MODEL, churn_scores_checks, trained_model_checks
from orchestration.defs.checks.model_evidence import (
    better_than_baselines,
    calibrated_on_average,
    enough_leavers_to_judge,
    not_worse_than_chance,
    scores_like_last_time,
    skill_is_plausible,
    small_calibration_error,
)
from spark_assets.contracts.explanations import LEAST_LEAVERS_TO_JUDGE
from tests.orchestration.checked import SOUND


def facts(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - as facts hold
    """Facts of a model that is as it should be."""
    return {**SOUND["churn_scores"], **SOUND["trained_model"], **changes}


JUDGEMENTS = (
    enough_leavers_to_judge, not_worse_than_chance, skill_is_plausible, better_than_baselines, calibrated_on_average,
    small_calibration_error, scores_like_last_time,
)  # fmt: skip


@pytest.mark.parametrize("judgement", JUDGEMENTS)
def test_a_sound_model_passes(judgement: Any) -> None:  # noqa: ANN401 - a function of facts
    assert judgement(facts())


def test_nothing_to_judge_by_passes() -> None:
    silent = facts(
        base_rate=None, mean_probability=None, examples=0, leavers=0, roc_auc=None, pr_auc=None,
        last_mean_probability=None,
        intervals=dict.fromkeys(("roc_auc", "pr_auc", "ece")),
    )  # fmt: skip
    assert all(judgement(silent) for judgement in JUDGEMENTS)


def false_blocks(skill: float, leavers: int, draws: int = 20_000) -> float:
    """Share of windows of 192 customers that block a model of a true ROC AUC: scores of leavers lie higher by it."""
    dice = np.random.default_rng(leavers)
    shift = math.sqrt(2) * NormalDist().inv_cdf(skill)
    scores = dice.standard_normal((draws, 192))
    scores[:, :leavers] += shift
    ranks = scores.argsort(axis=1).argsort(axis=1)[:, :leavers] + 1
    stayers = 192 - leavers
    aucs = (ranks.sum(axis=1) - leavers * (leavers + 1) / 2) / (leavers * stayers)
    blocked = [not not_worse_than_chance(facts(roc_auc=auc, examples=192, leavers=leavers)) for auc in aucs]
    return float(np.mean(blocked))


@pytest.mark.parametrize("leavers", [1, 2, 3, 5, 8, 16, 33])
def test_few_leavers_never_block_falsely(leavers: int) -> None:
    """Where the interval by bootstrap blocked 33, 8, 3 and 1 of 100 windows with 1, 2, 3 and 5 leavers."""
    assert false_blocks(0.65, leavers) == 0
    assert false_blocks(0.5, leavers) < 0.0025
    if leavers < LEAST_LEAVERS_TO_JUDGE:
        assert false_blocks(0.01, leavers) == 0


def test_a_model_upside_down_blocks_once_enough_leave() -> None:
    assert false_blocks(0.2, 16) > 0.85
    assert false_blocks(0.3, 33) > 0.7


@pytest.mark.parametrize("leavers", [2, 190])
def test_too_few_to_judge_is_told_and_speaks_for_no_other_verdict(leavers: int) -> None:
    thin = facts(examples=192, leavers=leavers, roc_auc=0.95, pr_auc=0.01, base_rate=0.01)
    assert not enough_leavers_to_judge(thin)
    assert skill_is_plausible(thin)
    assert better_than_baselines(thin)
    assert not skill_is_plausible(facts(roc_auc=0.95))


def test_the_same_model_again_is_no_failure_and_a_refused_one_is() -> None:
    (promoted,) = [item for item in TRAINED_MODEL if item.name == "was_promoted"]
    same = {"reason": "2018-12-01.1 stays: the same logs gave the same model.", "unchanged": True}
    assert promoted.holds(same)
    assert not promoted.holds({"reason": "2018-12-01.1 stays: the new model is worse.", "unchanged": False})
    assert promoted.holds({"reason": None, "unchanged": False})


def test_both_baselines_must_be_beaten() -> None:
    assert not better_than_baselines(facts(pr_auc=0.05))
    assert not better_than_baselines(facts(pr_auc=0.06))
    assert better_than_baselines(facts(pr_auc=0.06, events_per_day_pr_auc=None))


def test_an_average_far_off_fails_unless_it_may_be_chance() -> None:
    assert not calibrated_on_average(facts(mean_probability=0.15))
    assert not calibrated_on_average(facts(mean_probability=0.02))
    assert calibrated_on_average(facts(mean_probability=0.15, examples=10))
    assert calibrated_on_average(facts(mean_probability=0.15, max_calibration_ratio=4.0))
    assert calibrated_on_average(facts(mean_probability=0.02, examples=110, base_rate=9 / 110, level_leavers=5))
    assert not calibrated_on_average(facts(mean_probability=0.02, examples=1_100, base_rate=0.08, level_leavers=50))


def test_a_calibration_error_surely_above_its_limit_fails() -> None:
    assert not small_calibration_error(facts(intervals={"ece": [0.06, 0.1]}))


def test_scores_that_jump_either_way_fail() -> None:
    assert not scores_like_last_time(facts(mean_probability=0.16))
    assert not scores_like_last_time(facts(mean_probability=0.01))
    assert scores_like_last_time(facts(mean_probability=0.14))


def test_what_would_mislead_agents_blocks_and_the_rest_warns() -> None:
    blocking = {
        spec.name: spec.blocking
        for checks in (trained_model_checks, churn_scores_checks)
        for spec in checks.check_specs
    }
    assert {name for name, blocks in blocking.items() if blocks} == {
        "no_feature_betrays_the_label",
        "not_worse_than_chance",
        "calibrated_on_average",
        "probabilities_in_range",
        "one_row_per_customer",
        "contributions_add_up",
        "scores_like_last_time",
    }
