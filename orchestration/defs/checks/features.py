"""Checks of the features."""

from functools import partial

from orchestration.step_definitions import Facts, Property, lacking, step_checks

_ANEW = "Materialize user_features anew, then what comes after it"


def _customers(facts: Facts) -> str:
    return f"{facts['rows']:,} rows hold {facts['distinct']:,} different customers."


user_features_checks = step_checks(
    "user_features",
    "inspect_user_features",
    [
        Property(
            "one_row_per_customer",
            "No customer stands in the table twice.",
            lambda facts: facts["rows"] == facts["distinct"],
            _customers,
            f"{_ANEW}. If it stays, delete the folders daily_activity and user_features of the lake before.",
            shows=("rows", "distinct"),
        ),
        Property(
            "schema",
            "The table has a column for every feature of the registry.",
            lambda facts: not facts["missing_columns"],
            partial(lacking, "Columns of the registry that user_features lacks"),
            f"{_ANEW}: an earlier version of Encore wrote it.",
            shows=("missing_columns",),
        ),
    ],
)
