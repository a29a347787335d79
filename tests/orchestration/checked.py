"""Facts by which each check of the code location passes, and what makes it fail."""

from typing import Any

Facts = dict[str, Any]

_LEDGER = {"read": 100, "kept": 90, "repeated": 2, "logged_out": 3, "quarantined": 4, "erased": 1}
_SKILL: Facts = {
    "champion": "2018-12-01.1", "attempted": "2018-12-02.1", "reason": None, "unchanged": False, "leaks": {},
    "base_rate": 0.05, "mean_probability": 0.06, "examples": 1_000, "leavers": 50, "level_leavers": 200,
    "roc_auc": 0.7, "pr_auc": 0.12, "events_per_day_pr_auc": 0.07, "ece": 0.02,
    "intervals": {"roc_auc": [0.62, 0.78], "pr_auc": [0.08, 0.2], "ece": [0.01, 0.04]},
    "max_feature_auc": 0.78, "suspicious_auc": 0.8, "max_calibration_error": 0.05, "max_calibration_ratio": 2.0,
}  # fmt: skip

SOUND: dict[str, Facts] = {
    "cleaned_events": {
        "rows": 90, "quarantined_rows": 4, "ledger": _LEDGER, "differing_batches": [], "missing_columns": [],
        "incomplete_batches": [], "quarantined_percent": 4.0, "quarantined_bytes_percent": 3.5,
        "files_without_events_percent": 0.0, "limit_percent": 5, "files_without_events": [], "damaged": {},
        "passed_over": {}, "worst": [],
    },
    "daily_activity": {"rows": 30, "distinct": 30},
    "user_features": {"rows": 30, "distinct": 30, "missing_columns": []},
    "trained_model": {"rows": 1, **_SKILL},
    "churn_scores": {
        "rows": 30, "distinct": 30, "outside": 0, "offending": [], "mean_probability": 0.06,
        "last_mean_probability": 0.05, "max_score_ratio": 3.0, "drifted": {}, "largest_psi": 0.1, "max_psi": 0.25,
        "model_version": "2018-12-01.1", "not_adding_up": 0, "worst": [], "largest_difference": 2e-9,
    },
    "portal_snapshot": {
        "rows": 30, "distinct": 30, "customers": 30, "set_aside": 0, "erased_meanwhile": 0, "missing_columns": [],
    },
}  # fmt: skip
"""By asset: facts as its inspecting step tells them, `rows` among them."""

BROKEN: dict[tuple[str, str], tuple[Facts, tuple[str, ...]]] = {
    ("cleaned_events", "counts_add_up"): (
        {"rows": 89, "differing_batches": ["Batch 2: its files hold 89 events. Launch withdraw_batch with batch 2."]},
        ("89 events", "100 lines read = 90 kept", "withdraw_batch with batch 2"),
    ),
    ("cleaned_events", "few_in_quarantine"): (
        {"quarantined_percent": 20.125, "worst": [{"file": "a.json", "reason": "broken JSON", "lines": 1_200}]},
        ("20.125 % of the lines", "3.5 % of their bytes", "5 % is the most", "a.json: broken JSON, 1,200 lines",
         "ENCORE_MAX_QUARANTINE_PERCENT"),
    ),
    ("cleaned_events", "every_file_read"): (
        {"damaged": {"a.json.gz": "it is cut"}, "passed_over": {"b.csv": "its name"}},
        ("1 damaged", "1 passed over", "a.json.gz: it is cut; b.csv: its name", "whole copies"),
    ),
    ("cleaned_events", "schema"): (
        {"missing_columns": ["level"], "incomplete_batches": [2, 7]},
        ("1: level; in the batches 2, 7", "withdraw_batch"),
    ),
    ("daily_activity", "one_row_per_customer_and_day"): ({"distinct": 29}, ("30 rows hold 29", "Delete the folder")),
    ("user_features", "one_row_per_customer"): ({"distinct": 29}, ("30 rows hold 29", "Materialize user_features")),
    ("user_features", "schema"): ({"missing_columns": ["age"]}, ("1 age.", "Materialize user_features")),
    ("trained_model", "was_promoted"): (
        {"reason": "2018-12-01.1 stays: the new model is worse (worse in 93% of bootstrap replicates)."},
        ("scores: 2018-12-01.1", "training: 2018-12-02.1", "93%", "promote_model"),
    ),
    ("trained_model", "no_feature_betrays_the_label"): (
        {"leaks": {"days_since": 0.8213}}, ("above 0.78: 1: days_since 0.821", "ENCORE_MAX_FEATURE_AUC"),
    ),
    ("trained_model", "skill_is_plausible"): (
        {"roc_auc": 0.91}, ("is 0.91 on 50 leavers of 1,000", "Above 0.8 ", "ENCORE_SUSPICIOUS_AUC"),
    ),
    ("trained_model", "not_worse_than_chance"): (
        {"roc_auc": 0.3}, ("is 0.3 on 50 leavers of 1,000", "it is 0.374 or more", "promote_model"),
    ),
    ("trained_model", "enough_leavers_to_judge"): (
        {"leavers": 5}, ("5 customers left and 995 stayed; 8 of each", "more days of logs"),
    ),
    ("trained_model", "better_than_baselines"): (
        {"pr_auc": 0.06}, ("is 0.06; it should be above 0.05", "0.07 (events per day", "more days of logs"),
    ),
    ("trained_model", "calibrated_on_average"): (
        {"mean_probability": 0.15}, ("is 0.15, the observed share 0.05 (50 leavers of 1,000", "a factor of 2 is",
        "1.60 may be chance", "ENCORE_MAX_CALIBRATION_RATIO"),
    ),
    ("trained_model", "small_calibration_error"): (
        {"ece": 0.08, "intervals": {"ece": [0.06, 0.1]}}, ("is 0.08 (95 % interval 0.06 to 0.1)", "down to 0.05",
        "ENCORE_MAX_CALIBRATION_ERROR"),
    ),
    ("churn_scores", "probabilities_in_range"): ({"outside": 2}, ("2 of 30 scores", "[0, 1]", "promote_model")),
    ("churn_scores", "one_row_per_customer"): ({"distinct": 29}, ("30 rows", "29 different", "Materialize")),
    ("churn_scores", "contributions_add_up"): (
        {"not_adding_up": 3, "largest_difference": 0.0123}, ("3 of 30", "0.012, 1e-6 is allowed", "promote_model"),
    ),
    ("churn_scores", "scores_like_last_time"): (
        {"mean_probability": 0.2}, ("is 0.2 now", "was 0.05", "a factor of 3 is allowed", "max_score_ratio"),
    ),
    ("churn_scores", "no_drift"): (
        {"drifted": {"songs": 0.4}, "largest_psi": 0.4}, ("is 0.4; 0.25 is allowed", "songs 0.400", "retrain_every"),
    ),
    ("portal_snapshot", "one_row_per_customer"): (
        {"rows": 28, "set_aside": 1}, ("28 rows of 30", "expected are 29: 30", "1 set aside", "Materialize"),
    ),
    ("portal_snapshot", "nobody_set_aside"): ({"set_aside": 4}, ("could not store: 4.", "withdraw_batch")),
    ("portal_snapshot", "schema"): ({"missing_columns": ["as_of"]}, ("1 as_of.", "migrations")),
}  # fmt: skip
"""By asset and check: facts that make it fail, and what its sentence then says, remedy included."""
