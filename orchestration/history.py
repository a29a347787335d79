"""Past days as partitions: those that `daily_activity` holds."""

import dagster as dg

GROUP = "history"
DAILY = dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP)
"""What every run computes: all but past days."""
LOGGED_DAY = "logged_day"
DAYS = dg.DynamicPartitionsDefinition(name=LOGGED_DAY)
"""Keys are ISO dates; `logged_days` keeps them up."""
