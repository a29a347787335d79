from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from spark_assets.lake import tables as tables
from spark_assets.lake.schema import CHURN_SCORES
from spark_assets.modelling.scoring import scores_before

MONDAY, TUESDAY, WEDNESDAY = (date(2018, 11, day) for day in (26, 27, 28))


class Scoring:
    """Scores a day as the step does, with a table of one row that says which run it was."""

    def __init__(self, spark: SparkSession, lake: str) -> None:
        self.spark, self.lake, self.run = spark, lake, 0

    def score(self, day: date, version: str | None = "v1") -> int | None:
        """Return the run that this one is compared with."""
        before = scores_before(self.lake, day)
        found = None
        if before:
            (row,) = tables.read_version(self.spark, self.lake, CHURN_SCORES, before.folder).collect()
            found = row["id"]
        notes: dict[str, Any] = {"as_of": day.isoformat(), "model_version": version}
        notes |= {"model_facts": {"base": 0.0} if version else None, "previous": before.as_dict() if before else None}
        self.run += 1
        table = self.spark.range(self.run, self.run + 1)
        tables.replace_table(table, self.lake, CHURN_SCORES, notes, keep=[before.folder] if before else [])
        return found


@pytest.fixture
def scoring(spark: SparkSession, tmp_path: Path) -> Scoring:
    return Scoring(spark, str(tmp_path))


def test_the_first_scores_have_none_before(scoring: Scoring) -> None:
    assert scoring.score(MONDAY) is None


def test_scores_of_a_day_compare_with_the_day_before_however_often_they_run(scoring: Scoring) -> None:
    assert [scoring.score(day) for day in (MONDAY, MONDAY, TUESDAY, TUESDAY, TUESDAY)] == [None, None, 2, 2, 2]
    assert scoring.score(WEDNESDAY) == 5


def test_only_the_two_that_count_stay_in_the_lake(scoring: Scoring) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY, WEDNESDAY):
        scoring.score(day)
    assert len(list(Path(scoring.lake, CHURN_SCORES).glob("version=*"))) == 2


def test_a_day_without_a_model_does_not_stand_between(scoring: Scoring) -> None:
    assert [scoring.score(MONDAY), scoring.score(TUESDAY, version=None), scoring.score(WEDNESDAY)] == [None, 1, 1]


def test_logs_that_go_back_in_time_compare_with_nothing_later(scoring: Scoring) -> None:
    assert [scoring.score(day) for day in (MONDAY, WEDNESDAY, TUESDAY)] == [None, 1, 1]


def test_scores_of_an_encore_that_told_no_reasons_are_not_compared_with(spark: SparkSession, tmp_path: Path) -> None:
    notes = {"as_of": MONDAY.isoformat(), "model_version": "v1"}
    tables.replace_table(spark.range(1), str(tmp_path), CHURN_SCORES, notes)
    assert scores_before(str(tmp_path), TUESDAY) is None
