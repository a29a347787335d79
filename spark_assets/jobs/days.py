"""Days of the logs, as an orchestrator imports them."""

from spark_assets.lake import logged_days as logged_days
