import inspect
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import SettingsError
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.jobs.steps import STEPS, run_step

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
