"""All steps by name: what a compute backend can be asked to run."""

from collections.abc import Callable

from pyspark.sql import SparkSession

from spark_assets.errors import EncoreError, SettingsError
from spark_assets.jobs import (
    build_daily_activity,
    build_training_examples,
    build_user_features,
    ingest_logs,
    inspect_model,
    inspect_tables,
    past_features,
    past_scores,
    promote_model,
    publish_snapshot,
    score_customers,
    train_model,
    withdraw_batch,
)
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.lake_lock import only_step
from spark_assets.mending import mendable

Step = Callable[[SparkSession, StepParams], StepResult]

STEPS: dict[str, Step] = {
    "ingest_logs": ingest_logs.run,
    "withdraw_batch": withdraw_batch.run,
    "daily_activity": build_daily_activity.run,
    "user_features": build_user_features.run,
    "training_examples": build_training_examples.run,
    "trained_model": train_model.run,
    "promote_model": promote_model.run,
    "churn_scores": score_customers.run,
    "portal_snapshot": publish_snapshot.run,
    "past_features": past_features.run,
    "past_scores": past_scores.run,
    "inspect_events": inspect_tables.events,
    "inspect_daily_activity": inspect_tables.daily_activity,
    "inspect_user_features": inspect_tables.user_features,
    "inspect_trained_model": inspect_model.trained_model,
    "inspect_churn_scores": inspect_model.churn_scores,
    "inspect_portal_snapshot": inspect_tables.portal_snapshot,
}


def run_step(name: str, spark: SparkSession, params: StepParams) -> StepResult:
    """Run one step.

    Raises:
        SettingsError: no step has this name.
        LakeBusyError: another step is at work in the same lake.
        LeaseLostError: the lake, on S3, was lost to another step meanwhile; the step's Spark jobs were cancelled.
        EncoreError: what the step says its user must mend; damaged files and full disks among it.
    """
    if name not in STEPS:
        raise SettingsError(f"Unknown step {name!r}: one of {sorted(STEPS)}.")
    try:
        with only_step(params.lake, name, stop=spark.sparkContext.cancelAllJobs):
            return STEPS[name](spark, params)
    except EncoreError:
        raise
    except Exception as error:
        told = mendable(error, params.lake)
        if told:
            raise told from error
        raise
