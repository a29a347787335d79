"""What the texts of ingest's errors advise is done to the letter, and the next run works."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import MissingInboxError, MissingTableError
from spark_assets.ingest.inbox import ClockError
from spark_assets.ingest.withdrawal import LogsGoneError
from spark_assets.steps import cleaned_events
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY = 86_400_000


@pytest.fixture
def params(tmp_path: Path) -> StepParams:
    return StepParams(str(tmp_path / "inbox"), str(tmp_path / "lake"), quiet_seconds=0)


def log(*days: int) -> bytes:
    return text([line(ts=NOON + day * DAY, sessionId=day) for day in days])


def test_the_inbox_is_created_and_logs_dropped(spark: SparkSession, params: StepParams) -> None:
    with pytest.raises(MissingInboxError, match=r"does not exist. Create it and drop log files"):
        run_step("ingest_logs", spark, params)
    inbox = Path(params.inbox)
    inbox.mkdir()
    run_step("ingest_logs", spark, params)
    with pytest.raises(MissingTableError, match=r"No log line .*: drop log files into the inbox"):
        run_step("daily_activity", spark, params)
    drop(inbox, "a.json", log(0, 1))
    assert run_step("ingest_logs", spark, params).rows == 2
    assert run_step("daily_activity", spark, params).rows == 2


def test_logs_that_are_gone_are_put_back_and_the_batch_withdrawn(spark: SparkSession, params: StepParams) -> None:
    inbox = Path(params.inbox)
    inbox.mkdir()
    drop(inbox, "a.json", log(0, 1))
    run_step("ingest_logs", spark, params)
    (inbox / "a.json").rename(inbox.parent / "a.json")
    with pytest.raises(LogsGoneError, match="Put them back there under these names, then launch withdraw_batch again"):
        run_step("withdraw_batch", spark, replace(params, batch=1))
    (inbox.parent / "a.json").rename(inbox / "a.json")
    run_step("withdraw_batch", spark, replace(params, batch=1))
    assert run_step("ingest_logs", spark, params).rows == 2


def test_a_batch_from_the_future_is_withdrawn_when_the_clock_is_right(
    spark: SparkSession, params: StepParams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock was ahead when it was ingested; with the right one its line from the future is quarantined."""
    inbox = Path(params.inbox)
    inbox.mkdir()
    drop(inbox, "a.json", log(0, 100))
    monkeypatch.setattr(cleaned_events, "datetime", ahead(datetime(2019, 6, 1, tzinfo=UTC)))
    assert run_step("ingest_logs", spark, params).rows == 2
    monkeypatch.setattr(cleaned_events, "datetime", ahead(datetime(2018, 12, 3, tzinfo=UTC)))
    drop(inbox, "b.json", log(1))
    with pytest.raises(ClockError, match="launch the job withdraw_batch with batch 1 first"):
        run_step("ingest_logs", spark, params)
    run_step("withdraw_batch", spark, replace(params, batch=1))
    result = run_step("ingest_logs", spark, params)
    assert (result.rows, result.facts["total"]["quarantined"]) == (2, 1)


def ahead(now: datetime) -> type[datetime]:
    """A clock that stands."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # it stands for the class alone
            return now.astimezone(tz)

    return Clock
