"""What the portal reads."""

from orchestration.conditions import PUBLISHING
from orchestration.step_assets import step_asset

portal_snapshot = step_asset(
    "portal_snapshot",
    deps=["churn_scores", "user_features", "daily_activity"],
    group="serving",
    kinds={"spark", "postgres"},
    description="The snapshot that agents see: one row per customer, copied into Postgres aside and put in place in "
    "one transaction. Until then, and if anything fails, readers keep the snapshot before.",
    pool=PUBLISHING,
)
