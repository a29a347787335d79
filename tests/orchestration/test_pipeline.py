import time

import dagster as dg
import pytest
from pydantic import ValidationError

from orchestration.compute.base import StepLostError
from orchestration.step_definitions import step_asset
from spark_assets.errors import EncoreError, PostgresAwayError
from spark_assets.steps.settings import BOUNDS, Choice, StepParams, StepResult
from tests.orchestration.fakes import Answer, FakeCompute, pipeline


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


def materialize(answer: Answer, **settings: int) -> tuple[dg.ExecuteInProcessResult, int]:
    """Compute one asset with an answer; returns also how often the step was asked for."""
    tested = pipeline({"portal_snapshot": answer}, **{"retry_seconds": 0, **settings})
    asset = step_asset("portal_snapshot", deps=[], group="serving", kinds=set(), description="Rows.")
    done = dg.materialize([asset], resources={"pipeline": tested}, raise_on_error=False)
    assert isinstance(tested.compute, FakeCompute)
    return done, len(tested.compute.asked)


@pytest.mark.parametrize("error", [PostgresAwayError("Postgres is away."), StepLostError("The step was lost.")])
def test_what_may_pass_is_tried_again_and_then_fails_with_its_text(error: Exception) -> None:
    done, tries = materialize(error, retries=2, away_retries=2)
    (event,) = done.get_step_failure_events()
    failure = event.step_failure_data.user_failure_data
    assert (tries, failure.description if failure else None) == (3, str(error))


def test_a_second_try_that_works_makes_the_asset() -> None:
    answers = iter([PostgresAwayError("Postgres is away."), None])

    def answer(_: StepParams) -> StepResult:
        error = next(answers)
        if error:
            raise error
        return StepResult(7)

    done, tries = materialize(answer)
    assert (done.success, tries) == (True, 2)


def test_waits_grow_and_are_kept() -> None:
    started = time.monotonic()
    materialize(StepLostError("The step was lost."), retries=2, retry_seconds=1)
    assert 3 <= time.monotonic() - started < 20
    assert pipeline({}, retry_seconds=5).waits(5) == [5, 10, 15, 15, 15]


def test_a_lost_step_is_tried_less_often_than_a_publish_without_postgres() -> None:
    """A managed Postgres may take minutes to fail over; a step that was lost has cost its whole time."""
    assert materialize(StepLostError("The step was lost."))[1] == 3
    assert materialize(PostgresAwayError("Postgres is away."))[1] == 9
    usual = pipeline({})
    assert sum(usual.waits(usual.away_retries)) > 300
    assert sum(usual.waits(usual.retries)) == 60


@pytest.mark.parametrize("error", [EncoreError("No inbox."), ZeroDivisionError()])
def test_what_stays_wrong_fails_at_once(error: Exception) -> None:
    done, tries = materialize(error)
    assert (done.success, tries) == (False, 1)
