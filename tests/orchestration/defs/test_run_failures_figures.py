"""The sensor that hands the pipeline's figures over, asked as the daemon asks it."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.run_failures import pipeline_figures
from orchestration.step_definitions import step_asset
from spark_assets.steps.settings import StepResult
from tests.orchestration.fakes import pipeline

ASSET = step_asset("churn_scores", deps=[], group="model", kinds=set(), description="Scores.")


def _tick(instance: dg.DagsterInstance) -> dg.SkipReason:
    definitions = dg.Definitions(assets=[ASSET], resources={"pipeline": pipeline({})})
    context = dg.build_sensor_context(instance=instance, repository_def=definitions.get_repository_def())
    told = pipeline_figures(context)
    assert isinstance(told, dg.SkipReason)
    return told


def test_each_tick_writes_what_is_known_by_then(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "encore.prom"
    monkeypatch.setenv("ENCORE_PIPELINE_METRICS_FILE", str(file))
    with dg.DagsterInstance.ephemeral() as instance:
        assert _tick(instance).skip_message == "Handed over."
        assert "churn_scores" not in file.read_text()
        resources = {"pipeline": pipeline({"churn_scores": StepResult(rows=5)})}
        dg.materialize([ASSET], instance=instance, resources=resources)
        _tick(instance)
    assert 'encore_asset_rows{asset="churn_scores"} 5.0' in file.read_text()


def test_off_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENCORE_PIPELINE_METRICS_FILE", "ENCORE_PUSHGATEWAY"):
        monkeypatch.delenv(name, raising=False)
    with dg.DagsterInstance.ephemeral() as instance:
        assert "says where to" in str(_tick(instance).skip_message)
