"""Past days as partitions: those that `daily_activity` holds."""

import dagster as dg

from orchestration.inbox import LOG_FILES

GROUP = "history"
DAILY = dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP) - dg.AssetSelection.assets(LOG_FILES)
"""What every run computes: all but past days and the report of the files that wait."""
LOGGED_DAY = "logged_day"
DAYS = dg.DynamicPartitionsDefinition(name=LOGGED_DAY)
"""Keys are ISO dates; `logged_days` keeps them up."""
