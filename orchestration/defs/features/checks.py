"""Checks of the features."""

from orchestration.step_checks import Property, step_checks

user_features_checks = step_checks(
    "user_features",
    "inspect_user_features",
    [
        Property(
            "one_row_per_customer",
            "No customer stands in the table twice.",
            lambda facts: facts["rows"] == facts["distinct"],
            shows=("rows", "distinct"),
        ),
        Property(
            "schema",
            "The table has a column for every feature of the registry.",
            lambda facts: not facts["missing_columns"],
            shows=("missing_columns",),
        ),
    ],
)
