"""Checks of what the portal reads, asked of Postgres itself."""

from functools import partial

from orchestration.step_definitions import Facts, Property, lacking, step_checks


def _expected(facts: Facts) -> int:
    return int(facts["customers"] - facts["set_aside"] - facts["erased_meanwhile"])


def _customers(facts: Facts) -> str:
    return (
        f"The current snapshot holds {facts['rows']:,} rows of {facts['distinct']:,} customers; expected are "
        f"{_expected(facts):,}: {facts['customers']:,} of user_features less {facts['set_aside']:,} set aside and "
        f"{facts['erased_meanwhile']:,} erased since."
    )


def _set_aside(facts: Facts) -> str:
    return f"Customers of the current snapshot that Postgres could not store: {facts['set_aside']:,}."


portal_snapshot_checks = step_checks(
    "portal_snapshot",
    "inspect_portal_snapshot",
    [
        Property(
            "one_row_per_customer",
            "Every customer of user_features stands in the current snapshot once, or was erased since or set aside.",
            lambda facts: facts["rows"] == facts["distinct"] == _expected(facts),
            _customers,
            "Materialize churn_scores and portal_snapshot: the snapshot is then of the same day as user_features.",
            shows=("rows", "distinct", "customers", "set_aside", "erased_meanwhile"),
        ),
        Property(
            "nobody_set_aside",
            "Postgres could store every customer.",
            lambda facts: facts["set_aside"] == 0,
            _set_aside,
            "The metadata of portal_snapshot names them by pseudonym, with reasons. Withdraw the batch that brought "
            "them (job withdraw_batch), mend its log files, then materialize everything.",
            shows=("set_aside",),
            blocking=False,
        ),
        Property(
            "schema",
            "The view that the portal reads has the columns of the contract.",
            lambda facts: not facts["missing_columns"],
            partial(lacking, "Columns of the contract that current_customer lacks"),
            "Run the portal's migrations (`make materialize` does), then materialize portal_snapshot.",
            shows=("missing_columns",),
        ),
    ],
)
