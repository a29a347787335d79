"""Step `promote_model`: make a saved version the champion by hand."""

from pyspark.sql import SparkSession

from spark_assets.lake.storage import UnreadableDocumentError
from spark_assets.modelling import model_store
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Move the pointer to `params.version`; scores follow when `churn_scores` is materialized."""
    try:
        before = model_store.champion(params.lake)
    except UnreadableDocumentError:
        before = None  # to promote a version is what mends the pointer
    model_store.make_champion(params.lake, params.version)
    return StepResult(rows=1, facts={"champion": params.version, "before": before})
