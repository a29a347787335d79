"""Past days as partitions: those that `daily_activity` holds."""

import dagster as dg

GROUP = "history"
LOGGED_DAY = "logged_day"
DAYS = dg.DynamicPartitionsDefinition(name=LOGGED_DAY)
"""Keys are ISO dates; `logged_days` keeps them up."""
