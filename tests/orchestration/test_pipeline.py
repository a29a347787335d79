import dagster as dg
import pytest
from pydantic import ValidationError

from spark_assets.errors import EncoreError
from spark_assets.jobs.params import BOUNDS, Choice, StepParams, StepResult
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
def test_launchpad_shows_what_is_allowed_and_the_meaning(name: str) -> None:
    allowed = BOUNDS[name]
    outside = ["luck", ""] if isinstance(allowed, Choice) else [allowed.greatest + 1, allowed.least - 1]
    for value in outside:
        with pytest.raises(ValidationError):
            pipeline({}, **{name: value})
    field = type(pipeline({})).model_fields[name]
    assert (field.default, field.description) == (getattr(StepParams, name), allowed.meaning)


def test_bands_out_of_order_are_a_failure_that_names_them() -> None:
    with pytest.raises(dg.Failure, match="band_medium_lift must not be above band_high_lift"):
        pipeline({}, band_medium_lift=5.0).run("churn_scores", dg.build_asset_context())
