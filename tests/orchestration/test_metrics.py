"""What a real Dagster instance knows after real runs, as Prometheus would read it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest
from prometheus_client import CollectorRegistry

from orchestration.metrics import registry_of
from orchestration.step_definitions import Facts, Property, step_asset, step_checks
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import StepResult
from tests.orchestration.fakes import Answer, pipeline

FEATURES = step_asset("user_features", deps=[], group="features", kinds=set(), description="Features.")
SCORES = step_asset("churn_scores", deps=["user_features"], group="model", kinds=set(), description="Scores.")


def told(facts: Facts) -> str:
    return f"{facts['rows']} rows."


CHECKS = step_checks(
    "user_features",
    "inspect_user_features",
    [
        Property("some_rows", "There are rows.", lambda facts: facts["rows"] > 0, told, "Add one.", ("rows",)),
        Property("many_rows", "Many.", lambda facts: facts["rows"] > 1_000, told, "Add more.", ("rows",), False),
    ],
)
GOOD: dict[str, Answer] = {
    "user_features": StepResult(rows=7),
    "inspect_user_features": StepResult(rows=0, facts={"rows": 7}),
    "churn_scores": StepResult(rows=5),
}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def _figures(instance: dg.DagsterInstance) -> CollectorRegistry:
    definitions = dg.Definitions(assets=[FEATURES, SCORES], asset_checks=[CHECKS], resources={"pipeline": pipeline({})})
    return registry_of(definitions.get_repository_def(), instance)


def _run(instance: dg.DagsterInstance, answers: dict[str, Answer]) -> None:
    resources = {"pipeline": pipeline(answers, retries=0)}
    dg.materialize([FEATURES, SCORES, CHECKS], instance=instance, resources=resources, raise_on_error=False)


def test_nothing_is_told_of_what_was_never_computed(instance: dg.DagsterInstance) -> None:
    figures = list(_figures(instance).collect())
    assert "encore_as_of_timestamp_seconds" in {figure.name for figure in figures}
    assert [figure.name for figure in figures if figure.samples] == []


def test_rows_seconds_times_checks_and_ends_of_runs(instance: dg.DagsterInstance) -> None:
    _run(instance, GOOD)
    figures = _figures(instance)
    assert figures.get_sample_value("encore_asset_rows", {"asset": "user_features"}) == 7
    assert figures.get_sample_value("encore_asset_rows", {"asset": "churn_scores"}) == 5
    seconds = figures.get_sample_value("encore_asset_seconds", {"asset": "churn_scores"})
    assert seconds is not None
    assert 0 <= seconds < 60
    event = instance.get_latest_materialization_event(dg.AssetKey("churn_scores"))
    assert event is not None
    made = figures.get_sample_value("encore_asset_materialized_timestamp_seconds", {"asset": "churn_scores"})
    assert made == event.timestamp
    for check, passed in {"some_rows": 1, "many_rows": 0}.items():
        labels = {"asset": "user_features", "check": check}
        assert figures.get_sample_value("encore_check_passed", labels) == passed
    (run,) = instance.get_run_records()
    assert figures.get_sample_value("encore_run_ended_timestamp_seconds", {"status": "success"}) == run.end_time
    assert figures.get_sample_value("encore_run_ended_timestamp_seconds", {"status": "failure"}) is None


def test_a_failed_run_is_told_beside_the_last_good_figures(instance: dg.DagsterInstance) -> None:
    _run(instance, GOOD)
    good = _figures(instance).get_sample_value("encore_run_ended_timestamp_seconds", {"status": "success"})
    _run(instance, {**GOOD, "churn_scores": EncoreError("No room in the lake.")})
    figures = _figures(instance)
    assert figures.get_sample_value("encore_asset_rows", {"asset": "churn_scores"}) == 5
    failed = figures.get_sample_value("encore_run_ended_timestamp_seconds", {"status": "failure"})
    assert good is not None
    assert failed is not None
    assert failed > good
    assert figures.get_sample_value("encore_run_ended_timestamp_seconds", {"status": "success"}) == good


def test_the_as_of_day_grows_with_the_logs_and_not_with_the_clock(instance: dg.DagsterInstance) -> None:
    """Publishing the same day again, later, leaves it as it is; scores that are not published do not count."""
    snapshot = step_asset("portal_snapshot", deps=[], group="serving", kinds=set(), description="Snapshot.")
    definitions = dg.Definitions(assets=[SCORES, snapshot], resources={"pipeline": pipeline({})})

    def told(published: str, scored: str) -> float | None:
        answers = {
            "portal_snapshot": StepResult(1, {"as_of": published}),
            "churn_scores": StepResult(1, {"as_of": scored}),
        }
        resources = {"pipeline": pipeline(answers)}
        dg.materialize([SCORES, snapshot], instance=instance, resources=resources)
        registry = registry_of(definitions.get_repository_def(), instance)
        return registry.get_sample_value("encore_as_of_timestamp_seconds")

    first = datetime(2018, 12, 1, tzinfo=UTC).timestamp()
    assert [told("2018-12-01", "2018-12-01"), told("2018-12-01", "2018-12-02")] == [first, first]
    assert told("2018-12-03", "2018-12-03") == first + 2 * 86_400
