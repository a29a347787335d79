"""Checks of the model and its scores."""

from orchestration.step_checks import Facts, Property, step_checks

trained_model_checks = step_checks(
    "trained_model",
    "inspect_trained_model",
    [
        Property(
            "was_trained",
            "The last training gave a model; if not, the reason is shown and customers keep their scores or have none.",
            lambda facts: facts["reason"] is None,
            shows=("reason", "champion"),
            blocking=False,
        ),
        Property(
            "ranks_better_than_chance",
            "ROC AUC of the champion on its evaluation window is above 0.5.",
            lambda facts: facts["roc_auc"] is not None and facts["roc_auc"] > 0.5,
            shows=("roc_auc", "champion"),
            blocking=False,
        ),
    ],
)


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
    ],
)
