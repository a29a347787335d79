import dagster as dg
import pytest

from orchestration.defs.model.jobs import promote_model
from spark_assets.errors import EncoreError
from spark_assets.jobs.params import StepResult
from tests.orchestration.fakes import Answer, FakeCompute, pipeline


def promoted(answer: Answer, version: str) -> tuple[dg.ExecuteInProcessResult, FakeCompute]:
    resource = pipeline({"promote_model": answer})
    assert isinstance(resource.compute, FakeCompute)
    config = {"ops": {"promote": {"config": {"version": version}}}}
    result = promote_model.execute_in_process(run_config=config, resources={"pipeline": resource}, raise_on_error=False)
    return result, resource.compute


def test_the_named_version_is_promoted_and_observed() -> None:
    result, compute = promoted(StepResult(1, {"champion": "2018-12-01.1", "before": None}), "2018-12-01.1")
    assert result.success
    ((step, params),) = compute.asked
    assert (step, params.version) == ("promote_model", "2018-12-01.1")
    (observed,) = [event for event in result.all_events if event.event_type_value == "ASSET_OBSERVATION"]
    assert observed.asset_observation_data.asset_observation.metadata["champion"].value == "2018-12-01.1"


def test_an_unknown_version_fails_the_job_with_the_known_ones() -> None:
    result, _ = promoted(EncoreError("There is no model version 'x': one of 2018-12-01.1."), "x")
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    data = failed.step_failure_data.user_failure_data
    assert data is not None
    assert data.description == "There is no model version 'x': one of 2018-12-01.1."


def test_a_version_must_be_named() -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        promote_model.execute_in_process(run_config={}, resources={"pipeline": pipeline({})})
