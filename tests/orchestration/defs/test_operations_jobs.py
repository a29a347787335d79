"""Promotion by hand, run as Dagster runs it, on a lake with saved versions."""

from pathlib import Path

import dagster as dg
import pytest
from dagster_pyspark import LazyPySparkResource
from pyspark.sql import SparkSession

from orchestration.compute.base import LocalCompute
from orchestration.defs.operations import promote_model
from orchestration.pipeline import Pipeline
from spark_assets.modelling import model_store


@pytest.fixture
def lake(tmp_path: Path) -> str:
    for version in ("2018-12-01.1", "2018-12-02.1"):
        (tmp_path / "trained_model" / version).mkdir(parents=True)
        (tmp_path / "trained_model" / version / "card.json").write_text("{}")
    return str(tmp_path)


def promoted(lake: str, version: str) -> dg.ExecuteInProcessResult:
    compute = LocalCompute(pyspark=LazyPySparkResource(spark_config={}))
    config = {"ops": {"promote": {"config": {"version": version}}}}
    resources = {"pipeline": Pipeline(compute=compute, inbox="in", lake=lake)}
    return promote_model.execute_in_process(run_config=config, resources=resources, raise_on_error=False)


def test_the_named_version_becomes_champion_and_is_observed(lake: str, spark: SparkSession) -> None:
    result = promoted(lake, "2018-12-01.1")
    assert result.success
    assert model_store.champion(lake) == "2018-12-01.1"
    (observed,) = [event for event in result.all_events if event.event_type_value == "ASSET_OBSERVATION"]
    metadata = observed.asset_observation_data.asset_observation.metadata
    assert {name: value.value for name, value in metadata.items()} == {"champion": "2018-12-01.1", "before": "none"}


def test_an_unknown_version_fails_the_job_with_the_known_ones(lake: str, spark: SparkSession) -> None:
    result = promoted(lake, "2018")
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    cause = failed.step_failure_data.user_failure_data
    assert cause is not None
    assert cause.description == "There is no model version '2018': one of 2018-12-01.1, 2018-12-02.1."
    assert model_store.champion(lake) is None


def test_a_version_must_be_named(lake: str) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        promote_model.execute_in_process(run_config={}, resources={"pipeline": Pipeline.configure_at_launch()})
