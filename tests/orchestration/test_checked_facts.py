"""The facts that tests feed to checks are those that the inspecting steps tell of real tables."""

import pytest
from pyspark.sql import SparkSession

from spark_assets.steps.runner import STEPS
from spark_assets.steps.settings import StepParams
from tests.orchestration.checked import SOUND
from tests.spark_assets.publishing.snapshots import customer, publish_rows
from tests.spark_assets.steps.test_inspect_model import params, score, write_features, write_scores

__all__ = ["params"]

ASSETS = sorted(SOUND.keys() - {"daily_activity"})  # its only fact is that of user_features


@pytest.mark.parametrize("asset", ASSETS)
def test_every_fact_is_told_by_the_step(spark: SparkSession, params: StepParams, database: str, asset: str) -> None:
    write_features(spark, params)
    write_scores(spark, params, [score("1", 0.5)])
    publish_rows(spark, database, [customer("1")])
    step = "inspect_events" if asset == "cleaned_events" else f"inspect_{asset}"
    told = STEPS[step](spark, params).facts
    assert SOUND[asset].keys() - {"rows"} <= told.keys()
