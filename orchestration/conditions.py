"""When an asset is due without a click: its inputs are newer, whole, and passed their blocking checks."""

from typing import Any

import dagster as dg

PUBLISHING = "publishing"
"""Pool of what writes to Postgres: one slot, so that two publishes never overlap."""


def on_new_data() -> dg.AutomationCondition[Any]:
    """Due when a dependency was updated, once none of them is missing or being computed.

    Prevents that bad data spreads: an asset computed by hand whose blocking check failed is not built upon. Dagster's
    own `all_deps_blocking_checks_passed` would go too far: a check that failed yesterday keeps its verdict until it
    runs again, so it would keep the snapshot out of today's run too, although that run checks anew and stops by
    itself. Whatever is requested in the same tick, and so is checked in the same run, counts as passed.
    """
    condition = dg.AutomationCondition
    passed = condition.all_checks_match(condition.check_passed(), blocking_only=True)
    checked = condition.all_deps_match(passed | condition.will_be_requested()).with_label("checked_or_about_to_be")
    return (condition.eager() & checked).with_label("on_new_data")
