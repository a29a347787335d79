"""A customer erased in the portal: gone from the lake at the next run, and never loaded again."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.erasure import forget as forget_module
from spark_assets.lake.do_not_load import load
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import USER_FEATURES
from spark_assets.lake.tables import read_daily_activity, read_events, replace_table
from spark_assets.steps import cleaned_events, daily_activity, inspect_tables
from spark_assets.steps.settings import StepParams, StepResult
from tests.spark_assets.ingest.samples import NOON, drop, line, text
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import customer, publish_rows

DAY = 86_400_000
ADD = "insert into erased_customer (customer_number, pseudonym, erased_at, erased_by, reason) values "


class Pipeline:
    """Ingestion and daily sums on a lake of a test's own, and the portal's table."""

    def __init__(self, spark: SparkSession, home: Path, database: str) -> None:
        self.spark, self.home, self.database = spark, home, database
        self.params = StepParams(str(home / "inbox"), str(home / "lake"), quiet_seconds=0, max_quarantine_percent=100)

    def drop(self, name: str, *lines: bytes) -> None:
        drop(self.home / "inbox", name, text(lines))

    def erase(self, number: str) -> None:
        run_sql(self.database, ADD + f"('{number}', '', now(), 'admin', 'asked')")

    def run(self) -> StepResult:
        result = cleaned_events.run(self.spark, self.params)
        daily_activity.run(self.spark, self.params)
        return result

    def users(self) -> set[str]:
        return {row["user_id"] for row in read_events(self.spark, self.params.lake).select("user_id").collect()}

    def daily(self) -> set[tuple[str, str]]:
        rows = read_daily_activity(self.spark, self.params.lake).select("user_id", "event_date").collect()
        return {(row["user_id"], str(row["event_date"])) for row in rows}

    def bytes_with(self, mark: bytes) -> list[str]:
        """Names of the files of the lake that hold a text in the clear."""
        files = (path for path in (self.home / "lake").rglob("*") if path.is_file())
        return [path.name for path in files if mark in path.read_bytes()]


@pytest.fixture
def pipeline(spark: SparkSession, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setenv("DATABASE_URL", database)
    made = Pipeline(spark, tmp_path, database)
    made.drop(
        "a.json",
        line(userId="7", ts=NOON),
        line(userId="8", ts=NOON + 1),
        line(userId="7", ts=NOON + 2, page=None),
        b'{"userId":"7", oops',
        line(userId="8", ts=NOON + 3, page=None),
    )
    made.drop("b.json", line(userId="7", ts=NOON + DAY))
    made.run()
    return made


def test_the_next_run_takes_the_customer_out_of_events_quarantine_and_sums(pipeline: Pipeline) -> None:
    assert pipeline.users() == {"7", "8"}
    assert pipeline.daily() == {("7", "2018-12-01"), ("8", "2018-12-01"), ("7", "2018-12-02")}
    pipeline.erase("7")
    result = pipeline.run()
    assert result.facts["forgotten"] == {"customers": 1, "batches": [1]}
    assert pipeline.users() == {"8"}
    assert pipeline.daily() == {("8", "2018-12-01")}
    assert pipeline.bytes_with(b'"userId": "7"') == []
    assert load(pipeline.params.lake).pending == frozenset()


def test_every_line_stays_accounted_for(pipeline: Pipeline) -> None:
    before = Ledger.load(pipeline.params.lake).totals()
    assert (before["read"], before["kept"], before["quarantined"], before["erased"]) == (6, 3, 3, 0)
    pipeline.erase("7")
    pipeline.run()
    after = Ledger.load(pipeline.params.lake).totals()
    assert (after["read"], after["kept"], after["quarantined"], after["erased"]) == (6, 1, 1, 4)
    assert after["quarantined_by_reason"] == {"missing page": 1}
    seen = inspect_tables.events(pipeline.spark, pipeline.params)
    assert (seen.rows, seen.facts["quarantined_rows"]) == (1, 1)


def test_new_logs_bring_nobody_back(pipeline: Pipeline) -> None:
    pipeline.erase("7")
    pipeline.run()
    pipeline.drop("c.json", line(userId="7", ts=NOON + 2 * DAY), line(userId="9", ts=NOON + 2 * DAY), b'{"userId":"7"')
    batch = pipeline.run().facts["batch"]
    assert (batch["read"], batch["kept"], batch["erased"], batch["quarantined"]) == (3, 1, 2, 0)
    assert pipeline.users() == {"8", "9"}
    assert pipeline.daily() == {("8", "2018-12-01"), ("9", "2018-12-03")}


def test_a_run_that_died_on_the_way_is_finished_by_the_next(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.erase("7")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(forget_module, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            pipeline.run()
    assert load(pipeline.params.lake).pending
    pipeline.run()
    assert Ledger.load(pipeline.params.lake).totals()["erased"] == 4
    assert pipeline.daily() == {("8", "2018-12-01")}


def test_bad_lines_with_the_name_or_another_spelling_go_and_stay_out(pipeline: Pipeline) -> None:
    nameless = line(userId="", firstName="MICAH", lastName="Long", page=None)
    others = line(userId="", firstName="Zoë", lastName="Long", page=None)
    spelt = b'{"userId":7.0,"ts":"\\u0037"}'
    pipeline.drop("c.json", nameless, others, spelt, line(userId="7", ts=NOON + 5))
    pipeline.run()
    pipeline.erase("7")
    pipeline.run()
    after = Ledger.load(pipeline.params.lake).totals()
    assert (after["erased"], after["quarantined"]) == (4 + 3, 1 + 1)
    pipeline.drop("d.json", nameless, others, spelt)
    batch = pipeline.run().facts["batch"]
    assert (batch["read"], batch["erased"], batch["quarantined"]) == (3, 2, 1)


def test_a_customer_erased_while_the_run_was_under_way_is_told(pipeline: Pipeline) -> None:
    features = pipeline.spark.createDataFrame([("7",), ("8",)], "user_id string")
    replace_table(features, pipeline.params.lake, USER_FEATURES)
    publish_rows(pipeline.spark, pipeline.database, [customer("8")])
    pipeline.erase("7")
    pipeline.erase("99")
    seen = inspect_tables.portal_snapshot(pipeline.spark, pipeline.params)
    assert seen.rows == seen.facts["distinct"] == 1
    assert (seen.facts["customers"], seen.facts["erased_meanwhile"]) == (2, 1)


def test_without_anybody_new_nothing_is_touched(pipeline: Pipeline) -> None:
    files = {path: path.stat().st_mtime_ns for path in (pipeline.home / "lake").rglob("*.parquet")}
    assert pipeline.run().facts["forgotten"] == {"customers": 0, "batches": []}
    assert {path: path.stat().st_mtime_ns for path in (pipeline.home / "lake").rglob("*.parquet")} == files
