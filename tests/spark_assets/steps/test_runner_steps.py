import inspect
import json
import time
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import LeaseLostError, SettingsError
from spark_assets.lake import s3_lease
from spark_assets.steps.runner import STEPS, run_step
from spark_assets.steps.settings import StepParams, StepResult
from tests.aws import bucket, moto_server
from tests.lakes_on_s3 import BUCKET, address, put

ASSETS = {
    "ingest_logs",
    "daily_activity",
    "user_features",
    "training_examples",
    "trained_model",
    "churn_scores",
    "portal_snapshot",
}


def test_every_asset_has_its_step_and_every_step_the_same_shape() -> None:
    assert set(STEPS) >= ASSETS
    for name, step in STEPS.items():
        signature = inspect.signature(step)
        assert list(signature.parameters) == ["spark", "params"], name
        assert signature.return_annotation is StepResult, name


def test_a_step_is_run_by_its_name(spark: SparkSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(STEPS, "count", lambda spark, params: StepResult(spark.range(params.seed).count()))
    assert run_step("count", spark, StepParams("in", str(tmp_path), seed=4)) == StepResult(4)


def test_an_unknown_step_is_refused_with_the_known_ones(spark: SparkSession) -> None:
    with pytest.raises(SettingsError, match=r"Unknown step 'scores': one of .*'churn_scores'"):
        run_step("scores", spark, StepParams("in", "lake"))


def test_the_jobs_of_a_step_that_loses_its_lake_are_cancelled(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(spark: SparkSession, _: StepParams) -> StepResult:
        """Work for longer than any test may take, in a lake that another took."""
        put(json.dumps({"who": "Step scores", "process": 7, "host": "worker-3"}).encode())
        spark.sparkContext.parallelize([0], 1).foreach(lambda _: time.sleep(3_600))
        return StepResult(0)

    monkeypatch.setitem(STEPS, "lose", lose)
    monkeypatch.setattr(s3_lease, "SECONDS", 4.0)
    lost = pytest.raises(LeaseLostError, match="Step scores of process 7 on worker-3 may be at work there")
    with moto_server() as variables, bucket(BUCKET, variables), lost as told:
        run_step("lose", spark, StepParams("in", address(variables)))
    assert "cancelled" in str(told.value.__cause__)
    assert spark.range(3).count() == 3  # the session goes on
