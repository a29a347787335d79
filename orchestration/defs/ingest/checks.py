"""Checks of events and daily sums."""

from orchestration.step_checks import Facts, Property, step_checks


def _adds_up(facts: Facts) -> bool:
    ledger = facts["ledger"]
    return bool(
        ledger["read"] == sum(ledger[name] for name in ("kept", "repeated", "logged_out", "quarantined", "erased"))
        and facts["rows"] == ledger["kept"]
        and facts["quarantined_rows"] == ledger["quarantined"]
    )


cleaned_events_checks = step_checks(
    "cleaned_events",
    "inspect_events",
    [
        Property(
            "counts_add_up",
            "Each line is kept, repeated, logged out, quarantined or erased; the tables hold what the ledger says.",
            _adds_up,
            shows=("rows", "quarantined_rows", "ledger"),
        ),
        Property(
            "few_in_quarantine",
            "Of the newest batch's lines no larger share is in quarantine than the setting allows.",
            lambda facts: facts["quarantined_percent"] <= facts["limit_percent"],
            shows=("quarantined_percent", "limit_percent", "worst"),
        ),
        Property(
            "schema",
            "Both tables have the columns of the schema.",
            lambda facts: not facts["missing_columns"],
            shows=("missing_columns",),
        ),
    ],
)

daily_activity_checks = step_checks(
    "daily_activity",
    "inspect_daily_activity",
    [
        Property(
            "one_row_per_customer_and_day",
            "No customer has two rows for one day.",
            lambda facts: facts["rows"] == facts["distinct"],
            shows=("rows", "distinct"),
        )
    ],
)
