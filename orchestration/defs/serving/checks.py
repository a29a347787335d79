"""Checks of what the portal reads, asked of Postgres itself."""

from orchestration.step_checks import Property, step_checks

portal_snapshot_checks = step_checks(
    "portal_snapshot",
    "inspect_portal_snapshot",
    [
        Property(
            "one_row_per_customer",
            "Every customer of user_features stands in the current snapshot exactly once.",
            lambda facts: facts["rows"] == facts["distinct"] == facts["customers"],
            shows=("rows", "distinct", "customers"),
        ),
        Property(
            "schema",
            "The view that the portal reads has the columns of the contract.",
            lambda facts: not facts["missing_columns"],
            shows=("missing_columns",),
        ),
    ],
)
