"""Features and scores as of past days: a partition a day, computed when somebody asks for a backfill."""

from orchestration.history import DAYS, GROUP
from orchestration.step_assets import step_asset

past_features = step_asset(
    "past_features",
    deps=["daily_activity"],
    group=GROUP,
    kinds={"spark", "parquet"},
    description="user_features as they would have been on a past day: from days up to it alone. Launch a backfill of "
    "the days you want.",
    as_of=DAYS,
)

past_scores = step_asset(
    "past_scores",
    deps=["past_features", "trained_model"],
    group=GROUP,
    kinds={"spark", "parquet"},
    description="What the champion of now says of the customers of a past day. `model_knew_later_days` tells when it "
    "has learned from days after it: such scores flatter the model. They stay in the lake; the portal shows what was "
    "published on the day.",
    as_of=DAYS,
)
