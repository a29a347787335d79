"""Runs that fail, and what the portal's database says of them."""

import dagster as dg
import pytest

from orchestration.defs.run_failures import portal_notice
from orchestration.run_output import tell_portal_of
from orchestration.step_definitions import step_asset
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import StepResult
from tests.orchestration.fakes import Answer, pipeline
from tests.spark_assets.publishing.conftest import run_sql

SCORES = step_asset("churn_scores", deps=[], group="model", kinds=set(), description="Scores.")
SNAPSHOT = step_asset("portal_snapshot", deps=["churn_scores"], group="serving", kinds=set(), description="Snapshot.")
REASON = EncoreError("There is no room left in /lake: 0.1 MB are free.")
TOLD = "select dagster_run_id, causes, extract(epoch from failed_at)::bigint from failed_run"


def run_of(
    instance: dg.DagsterInstance, assets: list[dg.AssetsDefinition], answers: dict[str, Answer]
) -> dg.ExecuteInProcessResult:
    return dg.materialize(assets, instance=instance, resources={"pipeline": pipeline(answers)}, raise_on_error=False)


@pytest.mark.parametrize("by_sensor", [True, False])
def test_the_portal_is_told_of_a_run_that_was_to_publish(
    database: str, monkeypatch: pytest.MonkeyPatch, by_sensor: bool
) -> None:
    monkeypatch.setenv("PUBLISH_DATABASE_URL", database)
    with dg.DagsterInstance.ephemeral() as instance:
        run = run_of(instance, [SCORES, SNAPSHOT], {"churn_scores": REASON})
        failure = run.get_run_failure_event()
        if by_sensor:
            with dg.build_run_status_sensor_context(
                "portal_notice", dagster_event=failure, dagster_instance=instance, dagster_run=run.dagster_run
            ).for_run_failure() as context:
                said = portal_notice(context)
            assert said is None, "Dagster calls the tick a success"
        else:
            assert tell_portal_of(instance, run.run_id) == "The portal says so."
        ended = instance.get_run_stats(run.run_id).end_time
    ((run_id, causes, failed_at),) = run_sql(database, TOLD)
    assert (run_id, causes) == (run.run_id, f"churn_scores: {REASON}")
    assert ended is not None
    assert failed_at == pytest.approx(ended, abs=2)


def test_it_is_not_told_of_other_runs(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_DATABASE_URL", database)
    with dg.DagsterInstance.ephemeral() as instance:
        other = run_of(instance, [SCORES], {"churn_scores": REASON})
        assert tell_portal_of(instance, other.run_id) == "The run was not to publish."
        fine = run_of(instance, [SNAPSHOT], {"portal_snapshot": StepResult(1)})
        assert tell_portal_of(instance, fine.run_id) == "The run did not fail."
    assert run_sql(database, TOLD) == []


def test_where_there_is_no_database_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLISH_DATABASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    with dg.DagsterInstance.ephemeral() as instance:
        run = run_of(instance, [SCORES, SNAPSHOT], {"churn_scores": REASON})
        assert tell_portal_of(instance, run.run_id).startswith("No database is set here")
