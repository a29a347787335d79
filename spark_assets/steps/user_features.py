"""Step `user_features`: features of every customer as of the last date in the logs."""

from datetime import date, timedelta

from pyspark.sql import SparkSession

from spark_assets.features.point_in_time import features_at
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import USER_FEATURES
from spark_assets.lake.tables import preview, read_daily_activity, replace_table
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Compute and write; the as-of date stands in the table's notes."""
    _, as_of = Ledger.load(params.lake).span()
    return write_features(spark, params.lake, USER_FEATURES, as_of)


def write_features(spark: SparkSession, lake: str, name: str, as_of: date) -> StepResult:
    """Compute features from days up to `as_of`, and make them the table `name`."""
    notes = {"as_of": as_of.isoformat()}
    features = features_at(read_daily_activity(spark, lake), [as_of + timedelta(days=1)])
    written = replace_table(features, lake, name, notes)
    return StepResult(written.count(), notes, preview(written))
