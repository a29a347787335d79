from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from spark_assets.modelling import scored_outcomes as module
from spark_assets.modelling.scored_outcomes import Outcomes, outcomes_of, ranked, together


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


@pytest.mark.parametrize("most_exact", [2, 3, 4], ids=["rounded", "exact, in Spark", "exact, here"])
def test_a_frame_is_computed_once_however_many_rows_it_has(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch, most_exact: int
) -> None:
    computed = spark.sparkContext.accumulator(0)

    def estimate(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            computed.add(len(batch))
            yield batch

    monkeypatch.setattr(module, "MOST_EXACT", most_exact)
    rows = [(0.1, 0.0), (0.1, 1.0), (0.5, 0.0), (0.9, 1.0)]
    schema = "p double, label double"
    found = outcomes_of(spark.createDataFrame(rows, schema).mapInPandas(estimate, schema), "p")
    assert plain(found) == [(0.9, 1, 0), (0.5, 0, 1), (0.1, 1, 1)]
    assert computed.value == len(rows)


def test_two_windows_become_one() -> None:
    one = Outcomes(np.array([0.9, 0.1]), np.array([1, 0]), np.array([0, 3]))
    other = Outcomes(np.array([0.5]), np.array([1]), np.array([1]))
    assert plain(together(one, other)) == [(0.9, 1, 0), (0.5, 1, 1), (0.1, 0, 3)]


def test_rows_count_as_often_as_their_weight_says() -> None:
    weighted = ranked(np.array([0.1, 0.9, 0.1]), np.array([1, 0, 0]))
    assert plain(weighted(np.array([2, 0, 1]))) == [(0.9, 0, 0), (0.1, 2, 1)]
