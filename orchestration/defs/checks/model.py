"""Checks of the model and its scores. Those that block keep the old snapshot in the portal."""

from orchestration.defs.checks import model_evidence
from orchestration.defs.checks.model_evidence import (
    better_than_baselines,
    calibrated_on_average,
    enough_leavers_to_judge,
    not_worse_than_chance,
    scores_like_last_time,
    skill_is_plausible,
    small_calibration_error,
)
from orchestration.step_definitions import Property, step_checks
from spark_assets.contracts.explanations import LEAST_LEAVERS_TO_JUDGE

_TRAIN = "materialize trained_model with retrain_every_days 0, then what comes after it"
_OTHER_VERSION = f"Launch the job promote_model with an earlier version, or {_TRAIN}."

TRAINED_MODEL = [
    Property(
        "was_promoted",
        "The last training gave a model and it scores, or the same logs gave the same model again; if not, the reason "
        "is shown and the champion goes on.",
        lambda facts: facts["reason"] is None or facts["unchanged"],
        model_evidence.promotion,
        "Where a version scores, nothing is to be done: the next training tries again. To let another one score, "
        "launch the job promote_model. Where none scores, bring more days of logs.",
        shows=("reason", "champion", "attempted"),
        blocking=False,
    ),
    Property(
        "no_feature_betrays_the_label",
        "No feature alone ranks who leaves better than max_feature_auc: such a one knows what came after.",
        lambda facts: not facts["leaks"],
        model_evidence.leaks,
        "Look for what the feature knows of the time after the cut-off, and mend it or the logs. If it is honest, "
        f"raise ENCORE_MAX_FEATURE_AUC. Then {_TRAIN}.",
        shows=("leaks", "max_feature_auc", "attempted"),
    ),
    Property(
        "skill_is_plausible",
        "ROC AUC of the champion is not above suspicious_auc; on such logs more than that is mostly a leak.",
        skill_is_plausible,
        model_evidence.skill,
        "Look at the first features of the model page for one that knows what came after the cut-off. If all are "
        "honest, raise ENCORE_SUSPICIOUS_AUC.",
        shows=("roc_auc", "suspicious_auc", "examples", "leavers", "champion"),
        blocking=False,
    ),
    Property(
        "not_worse_than_chance",
        "The champion does not rank leavers below stayers by more than chance explains (three standard errors); with "
        f"fewer than {LEAST_LEAVERS_TO_JUDGE} leavers nothing is said, and nothing blocks.",
        not_worse_than_chance,
        model_evidence.chance,
        f"{_OTHER_VERSION} If it stays, see whether cancellations are missing in the newest logs.",
        shows=("roc_auc", "examples", "leavers", "champion"),
    ),
    Property(
        "enough_leavers_to_judge",
        f"At least {LEAST_LEAVERS_TO_JUDGE} customers of the judging window left, and as many stayed. With fewer the "
        "snapshot is published, and the portal says that nobody can tell how good the model is.",
        enough_leavers_to_judge,
        model_evidence.leavers,
        "Bring more days of logs, or lengthen ENCORE_HORIZON_DAYS.",
        shows=("examples", "leavers", "champion"),
        blocking=False,
    ),
    Property(
        "better_than_baselines",
        "PR AUC of the champion is above that of knowing nothing and that of events per day alone.",
        better_than_baselines,
        model_evidence.baselines,
        "Bring more days of logs before agents rely on the order of customers; the model page shows the intervals.",
        shows=("pr_auc", "base_rate", "events_per_day_pr_auc", "intervals", "champion"),
        blocking=False,
    ),
    Property(
        "calibrated_on_average",
        "Mean probability and observed share of leavers differ by less than max_calibration_ratio, or by chance.",
        calibrated_on_average,
        model_evidence.calibration,
        f"{_OTHER_VERSION} If the rate of leaving has really changed, raise ENCORE_MAX_CALIBRATION_RATIO until the "
        "logs hold a window of it.",
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
        model_evidence.calibration_error,
        "Read probabilities as an order until more days of logs came; the model page draws the calibration. If so much "
        "is good enough, raise ENCORE_MAX_CALIBRATION_ERROR.",
        shows=("ece", "intervals", "max_calibration_error", "champion"),
        blocking=False,
    ),
]

CHURN_SCORES = [
    Property(
        "probabilities_in_range",
        "Every probability is a number in [0, 1].",
        lambda facts: facts["outside"] == 0,
        model_evidence.probabilities,
        _OTHER_VERSION,
        shows=("outside", "offending"),
    ),
    Property(
        "one_row_per_customer",
        "No customer is scored twice.",
        lambda facts: facts["rows"] == facts["distinct"],
        model_evidence.customers,
        "Materialize user_features and churn_scores anew, then portal_snapshot.",
        shows=("rows", "distinct"),
    ),
    Property(
        "contributions_add_up",
        "For every customer, base plus contributions is the log-odds of the probability, to 1e-6.",
        lambda facts: facts["not_adding_up"] == 0,
        model_evidence.contributions,
        _OTHER_VERSION,
        shows=("not_adding_up", "worst", "largest_difference"),
    ),
    Property(
        "scores_like_last_time",
        "The mean probability is within a factor of max_score_ratio of the last snapshot's for the same horizon.",
        scores_like_last_time,
        model_evidence.jump,
        "See no_drift and the newest logs for the cause. If the jump is real, materialize churn_scores and "
        "portal_snapshot with a higher max_score_ratio; else launch the job promote_model with the version before.",
        shows=("mean_probability", "last_mean_probability", "max_score_ratio", "model_version"),
    ),
    Property(
        "no_drift",
        "No feature's distribution today is further from training than a stability index of max_psi; features that "
        "grow with the calendar are left out.",
        lambda facts: not facts["drifted"],
        model_evidence.drift,
        "See whether a source of logs is missing or has changed its values. If customers have really changed, "
        f"{_TRAIN}.",
        shows=("drifted", "largest_psi", "max_psi", "model_version"),
        blocking=False,
    ),
]

trained_model_checks = step_checks("trained_model", "inspect_trained_model", TRAINED_MODEL)
churn_scores_checks = step_checks("churn_scores", "inspect_churn_scores", CHURN_SCORES)
