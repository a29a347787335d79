import dagster as dg
import pytest
from pydantic import ValidationError

from spark_assets.errors import EncoreError
from spark_assets.jobs.params import BOUNDS, StepParams, StepResult
from tests.orchestration.fakes import FakeCompute, pipeline


def test_settings_reach_the_step() -> None:
    tested = pipeline({"user_features": StepResult(1)}, horizon_days=7, inbox="s3://in", lake="s3://lake")
    result, seconds = tested.run("user_features", dg.build_asset_context())
    assert (result.rows, seconds >= 0) == (1, True)
    assert isinstance(tested.compute, FakeCompute)
    assert tested.compute.asked == [
        ("user_features", StepParams(inbox="s3://in", lake="s3://lake", run_id="EPHEMERAL", horizon_days=7))
    ]


def test_what_the_user_must_mend_is_a_failure_without_traceback() -> None:
    with pytest.raises(dg.Failure) as caught:
        pipeline({"ingest_logs": EncoreError("The inbox in does not exist.")}).run(
            "ingest_logs", dg.build_asset_context()
        )
    assert caught.value.description == "The inbox in does not exist."
    assert caught.value.allow_retries is False
    assert caught.value.__suppress_context__


def test_other_errors_keep_their_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        pipeline({"ingest_logs": ZeroDivisionError()}).run("ingest_logs", dg.build_asset_context())


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_launchpad_shows_bounds_and_meaning(name: str) -> None:
    bounds = BOUNDS[name]
    with pytest.raises(ValidationError):
        pipeline({}, **{name: bounds.greatest + 1})
    with pytest.raises(ValidationError):
        pipeline({}, **{name: bounds.least - 1})
    field = type(pipeline({})).model_fields[name]
    assert (field.default, field.description) == (getattr(StepParams, name), bounds.meaning)
