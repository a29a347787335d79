"""Withdrawal by hand, asked for as Dagster does it."""

from typing import Any

import dagster as dg
import pytest

from orchestration.defs.operations import withdraw_batch
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import StepParams, StepResult
from tests.orchestration.fakes import pipeline


def run(answer: Any, batch: int) -> dg.ExecuteInProcessResult:  # noqa: ANN401 - as the fake's answers are
    config = {"ops": {"withdraw": {"config": {"batch": batch}}}}
    resources = {"pipeline": pipeline({"withdraw_batch": answer})}
    return withdraw_batch.execute_in_process(run_config=config, resources=resources, raise_on_error=False)


def test_the_named_batch_is_withdrawn_and_observed() -> None:
    def answer(params: StepParams) -> StepResult:
        return StepResult(5, {"batches": [params.batch], "files": ["a.json"], "events": 5})

    result = run(answer, 3)
    assert result.success
    (observed,) = [event for event in result.all_events if event.event_type_value == "ASSET_OBSERVATION"]
    metadata = observed.asset_observation_data.asset_observation.metadata
    assert (metadata["batches"].value, metadata["events"].value) == ([3], 5)


def test_what_is_to_be_mended_fails_the_job_in_its_own_words() -> None:
    (failed,) = [event for event in run(EncoreError("Put a.json back."), 3).all_events if event.is_step_failure]
    cause = failed.step_failure_data.user_failure_data
    assert cause is not None
    assert cause.description == "Put a.json back."


def test_a_batch_must_be_named_by_its_number() -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        withdraw_batch.execute_in_process(run_config={}, resources={"pipeline": pipeline({})})
