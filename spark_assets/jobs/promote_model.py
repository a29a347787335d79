"""Step `promote_model`: make a saved version the champion by hand."""

from pyspark.sql import SparkSession

from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.modelling import store


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Move the pointer to `params.version`; scores follow when `churn_scores` is materialized."""
    before = store.champion(params.lake)
    store.make_champion(params.lake, params.version)
    return StepResult(rows=1, facts={"champion": params.version, "before": before})
