"""All steps by name: what a compute backend can be asked to run."""

from collections.abc import Callable

from pyspark.sql import SparkSession

from spark_assets.errors import SettingsError
from spark_assets.jobs import (
    build_daily_activity,
    build_training_examples,
    build_user_features,
    ingest_logs,
    inspect_model,
    inspect_tables,
    promote_model,
    publish_snapshot,
    score_customers,
    train_model,
)
from spark_assets.jobs.params import StepParams, StepResult

Step = Callable[[SparkSession, StepParams], StepResult]

STEPS: dict[str, Step] = {
    "ingest_logs": ingest_logs.run,
    "daily_activity": build_daily_activity.run,
    "user_features": build_user_features.run,
    "training_examples": build_training_examples.run,
    "trained_model": train_model.run,
    "promote_model": promote_model.run,
    "churn_scores": score_customers.run,
    "portal_snapshot": publish_snapshot.run,
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
        EncoreError: what the step says its user must mend.
    """
    if name not in STEPS:
        raise SettingsError(f"Unknown step {name!r}: one of {sorted(STEPS)}.")
    return STEPS[name](spark, params)
