import numpy as np
import pytest
from pyspark.sql import SparkSession

from spark_assets.modelling import outcomes as module
from spark_assets.modelling.outcomes import Outcomes, outcomes_of, ranked, together


def plain(found: Outcomes) -> list[tuple[float, int, int]]:
    return list(zip(found.scores.tolist(), found.leavers.tolist(), found.stayers.tolist(), strict=True))


def test_rows_are_counted_by_score_from_the_highest(spark: SparkSession) -> None:
    rows = [(0.5, 1.0), (0.5, 0.0), (0.5, 0.0), (0.1, 0.0), (0.9, 1.0)]
    found = outcomes_of(spark.createDataFrame(rows, "p double, label double"), "p")
    assert plain(found) == [(0.9, 1, 0), (0.5, 1, 2), (0.1, 0, 1)]
    assert (found.examples, found.base_rate) == (5, 0.4)


def test_no_rows_are_no_outcomes(spark: SparkSession) -> None:
    found = outcomes_of(spark.createDataFrame([], "p double, label double"), "p")
    assert (plain(found), found.examples, found.base_rate) == ([], 0, 0.0)


def test_of_many_rows_the_driver_holds_rounded_scores_only(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_EXACT", 3)
    rows = [(0.123456, 1.0), (0.1234561, 0.0), (0.1234562, 0.0), (0.9, 0.0)]
    found = outcomes_of(spark.createDataFrame(rows, "p double, label double"), "p")
    assert plain(found) == [(0.9, 0, 1), (0.12346, 1, 2)]


def test_two_windows_become_one() -> None:
    one = Outcomes(np.array([0.9, 0.1]), np.array([1, 0]), np.array([0, 3]))
    other = Outcomes(np.array([0.5]), np.array([1]), np.array([1]))
    assert plain(together(one, other)) == [(0.9, 1, 0), (0.5, 1, 1), (0.1, 0, 3)]


def test_rows_count_as_often_as_their_weight_says() -> None:
    weighted = ranked(np.array([0.1, 0.9, 0.1]), np.array([1, 0, 0]))
    assert plain(weighted(np.array([2, 0, 1]))) == [(0.9, 0, 0), (0.1, 2, 1)]
