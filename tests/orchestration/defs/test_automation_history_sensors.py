"""The partitions of past days, as the daemon's ticks make them from the lake's own list of days."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets import past_features, past_scores
from orchestration.defs.automation import logged_days
from orchestration.step_definitions import LOGGED_DAY
from spark_assets.lake import storage
from spark_assets.steps.settings import StepParams, StepResult
from tests.orchestration.fakes import pipeline


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def _log(lake: Path, *days: str) -> None:
    storage.write_json(
        str(lake / "daily_activity" / "_current.json"), {"batches": [1], "days": dict.fromkeys(days, "run")}
    )


def _tick(instance: dg.DagsterInstance, lake: Path) -> dg.SensorResult | dg.SkipReason:
    """Ask the sensor, and do as the daemon does with what it requests."""
    with dg.build_sensor_context(instance=instance, resources={"pipeline": pipeline({}, lake=str(lake))}) as context:
        told = logged_days(context)
    assert isinstance(told, dg.SensorResult | dg.SkipReason)
    for request in (told.dynamic_partitions_requests or ()) if isinstance(told, dg.SensorResult) else ():
        if isinstance(request, dg.AddDynamicPartitionsRequest):
            instance.add_dynamic_partitions(LOGGED_DAY, list(request.partition_keys))
        else:
            for key in request.partition_keys:
                instance.delete_dynamic_partition(LOGGED_DAY, key)
    return told


def test_partitions_are_the_days_of_the_logs(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    assert isinstance(_tick(instance, tmp_path), dg.SkipReason)
    _log(tmp_path, "2018-11-29", "2018-11-30")
    _tick(instance, tmp_path)
    assert set(instance.get_dynamic_partitions(LOGGED_DAY)) == {"2018-11-29", "2018-11-30"}
    told = _tick(instance, tmp_path)
    assert isinstance(told, dg.SkipReason)
    assert told.skip_message == "All 2 days of the logs are there."
    _log(tmp_path, "2018-11-30", "2018-12-01")
    _tick(instance, tmp_path)
    assert set(instance.get_dynamic_partitions(LOGGED_DAY)) == {"2018-11-30", "2018-12-01"}


def test_a_partitions_day_reaches_its_step(instance: dg.DagsterInstance) -> None:
    asked: list[tuple[str, str]] = []

    def answer(step: str, params: StepParams) -> StepResult:
        asked.append((step, params.as_of))
        return StepResult(rows=3)

    resources = {
        "pipeline": pipeline(
            {step: lambda params, step=step: answer(step, params) for step in ("past_features", "past_scores")}
        )
    }
    instance.add_dynamic_partitions(LOGGED_DAY, ["2018-11-29", "2018-11-30"])
    for day in ("2018-11-30", "2018-11-29"):
        dg.materialize([past_features, past_scores], instance=instance, resources=resources, partition_key=day)
    assert asked == [
        ("past_features", "2018-11-30"),
        ("past_scores", "2018-11-30"),
        ("past_features", "2018-11-29"),
        ("past_scores", "2018-11-29"),
    ]
    assert instance.get_materialized_partitions(dg.AssetKey("past_scores")) == {"2018-11-29", "2018-11-30"}
