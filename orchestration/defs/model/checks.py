"""Checks of the model and its scores. Those that block keep the old snapshot in the portal."""

from orchestration.defs.model.judgements import (
    better_than_baselines,
    calibrated_on_average,
    not_worse_than_chance,
    scores_like_last_time,
    small_calibration_error,
)
from orchestration.step_checks import Facts, Property, step_checks

TRAINED_MODEL = [
    Property(
        "was_promoted",
        "The last training gave a model and it scores; if not, the reason is shown and the champion goes on.",
        lambda facts: facts["reason"] is None,
        shows=("reason", "champion", "attempted"),
        blocking=False,
    ),
    Property(
        "no_feature_betrays_the_label",
        "No feature alone ranks who leaves better than max_feature_auc: such a one knows what came after.",
        lambda facts: not facts["leaks"],
        shows=("leaks", "max_feature_auc", "attempted"),
    ),
    Property(
        "skill_is_plausible",
        "ROC AUC of the champion is not above suspicious_auc; on such logs more than that is mostly a leak.",
        lambda facts: facts["roc_auc"] is None or facts["roc_auc"] <= facts["suspicious_auc"],
        shows=("roc_auc", "suspicious_auc", "champion"),
        blocking=False,
    ),
    Property(
        "not_worse_than_chance",
        "The interval of the champion's ROC AUC reaches 0.5 or above.",
        not_worse_than_chance,
        shows=("roc_auc", "intervals", "champion"),
    ),
    Property(
        "better_than_baselines",
        "PR AUC of the champion is above that of knowing nothing and that of events per day alone.",
        better_than_baselines,
        shows=("pr_auc", "base_rate", "events_per_day_pr_auc", "intervals", "champion"),
        blocking=False,
    ),
    Property(
        "calibrated_on_average",
        "Mean probability and observed share of leavers differ by less than max_calibration_ratio, or by chance.",
        calibrated_on_average,
        shows=(
            "mean_probability",
            "base_rate",
            "examples",
            "leavers",
            "level_leavers",
            "max_calibration_ratio",
            "champion",
        ),
    ),
    Property(
        "small_calibration_error",
        "The interval of the expected calibration error reaches down to max_calibration_error.",
        small_calibration_error,
        shows=("ece", "intervals", "max_calibration_error", "champion"),
        blocking=False,
    ),
]

trained_model_checks = step_checks("trained_model", "inspect_trained_model", TRAINED_MODEL)


def _one_each(facts: Facts) -> bool:
    return bool(facts["rows"] == facts["distinct"])


churn_scores_checks = step_checks(
    "churn_scores",
    "inspect_churn_scores",
    [
        Property(
            "probabilities_in_range",
            "Every probability is a number in [0, 1].",
            lambda facts: facts["outside"] == 0,
            shows=("outside", "offending"),
        ),
        Property("one_row_per_customer", "No customer is scored twice.", _one_each, shows=("rows", "distinct")),
        Property(
            "contributions_add_up",
            "For every customer, base plus contributions is the log-odds of the probability, to 1e-6.",
            lambda facts: facts["not_adding_up"] == 0,
            shows=("not_adding_up", "worst", "largest_difference"),
        ),
        Property(
            "scores_like_last_time",
            "The mean probability is within a factor of max_score_ratio of the last snapshot's for the same horizon.",
            scores_like_last_time,
            shows=("mean_probability", "last_mean_probability", "max_score_ratio", "model_version"),
        ),
        Property(
            "no_drift",
            "No feature's distribution today is further from training than a stability index of max_psi.",
            lambda facts: not facts["drifted"],
            shows=("drifted", "max_psi", "model_version"),
            blocking=False,
        ),
    ],
)
