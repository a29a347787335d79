from typing import Any

import pytest

from orchestration.defs.model.checks import churn_scores_checks, trained_model_checks
from orchestration.defs.model.judgements import (
    better_than_baselines,
    calibrated_on_average,
    not_worse_than_chance,
    scores_like_last_time,
    small_calibration_error,
)


def facts(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - as facts hold
    """Facts of a model that is as it should be."""
    return {
        "base_rate": 0.05,
        "mean_probability": 0.06,
        "examples": 1_000,
        "level_leavers": 200,
        "pr_auc": 0.12,
        "events_per_day_pr_auc": 0.07,
        "ece": 0.02,
        "intervals": {"roc_auc": [0.62, 0.78], "pr_auc": [0.08, 0.2], "ece": [0.01, 0.04]},
        "max_calibration_error": 0.05,
        "max_calibration_ratio": 2.0,
        "last_mean_probability": 0.05,
        "max_score_ratio": 3.0,
        **changes,
    }


JUDGEMENTS = (
    not_worse_than_chance, better_than_baselines, calibrated_on_average, small_calibration_error, scores_like_last_time
)  # fmt: skip


@pytest.mark.parametrize("judgement", JUDGEMENTS)
def test_a_sound_model_passes(judgement: Any) -> None:  # noqa: ANN401 - a function of facts
    assert judgement(facts())


def test_nothing_to_judge_by_passes() -> None:
    silent = facts(
        base_rate=None, mean_probability=None, examples=0, pr_auc=None, last_mean_probability=None,
        intervals=dict.fromkeys(("roc_auc", "pr_auc", "ece")),
    )  # fmt: skip
    assert all(judgement(silent) for judgement in JUDGEMENTS)


def test_surely_worse_than_chance_fails_and_perhaps_does_not() -> None:
    assert not not_worse_than_chance(facts(intervals={"roc_auc": [0.3, 0.49]}))
    assert not_worse_than_chance(facts(intervals={"roc_auc": [0.3, 0.51]}))


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
