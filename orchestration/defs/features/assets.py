"""What was known of each customer, now and at past cut-offs."""

from orchestration.step_assets import step_asset

user_features = step_asset(
    "user_features",
    deps=["daily_activity"],
    group="features",
    kinds={"spark", "parquet"},
    description="Features of every customer as of the last date in the logs: days listened, songs per day, account "
    "age, gender, activity of the last 7, 14 and 30 days, and more. Computed from daily_activity alone.",
)

training_examples = step_asset(
    "training_examples",
    deps=["daily_activity"],
    group="features",
    kinds={"spark", "parquet"},
    description="The same features at rolling past cut-offs, strictly before each, with the label: cancelled within "
    "the horizon after it.",
)
