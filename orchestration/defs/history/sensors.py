"""The partitions of past days follow the logs."""

import dagster as dg

from orchestration.history import DAYS, LOGGED_DAY
from orchestration.pipeline import Pipeline
from spark_assets.lake.tables import logged_days as days_in_lake


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes a partition of past_features and past_scores for every day that daily_activity holds.",
)
def logged_days(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Add days that came, and take away days of which nothing is left."""
    known = set(context.instance.get_dynamic_partitions(LOGGED_DAY))
    logged = {day.isoformat() for day in days_in_lake(pipeline.lake)}
    if known == logged:
        return dg.SkipReason(f"All {len(logged)} days of the logs are there.")
    return dg.SensorResult(
        dynamic_partitions_requests=[
            DAYS.build_add_request(sorted(logged - known)),
            DAYS.build_delete_request(sorted(known - logged)),
        ]
    )
