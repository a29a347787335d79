"""Step `withdraw_batch`: take a batch out of the lake, so that its log files are ingested anew."""

from dataclasses import asdict

from pyspark.sql import SparkSession

from spark_assets.ingest.withdrawal import withdraw
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Withdraw `params.batch`; the next `ingest_logs` brings its lines back, whole."""
    withdrawn = withdraw(spark, params.inbox, params.lake, params.batch)
    return StepResult(rows=withdrawn.events, facts=asdict(withdrawn))
