"""Every estimator in the one layout: saved, loaded, and its margin what it is said to be."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import MARGIN, Candidate
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.estimators.random_forest import forest
from spark_assets.estimators.xgboost import extreme_gradient_boosted
from spark_assets.modelling.pipeline import (
    CALIBRATED,
    LEAST_SLOPE,
    assemble,
    at_level,
    calibration,
    calibration_of,
    estimator_of,
    margin_of,
    preparation,
)
from tests.spark_assets.modelling.frames import GAPS, NOISE, SIGNAL, examples, planted

FEATURES = [SIGNAL, NOISE, GAPS]
Made = Callable[[], Candidate]
MADE: dict[str, Made] = {
    "LogisticRegression": lambda: logistic(0.1),
    "RandomForest": lambda: forest(3, 1),
    "XGBoost": lambda: extreme_gradient_boosted(150, 1),
}


@pytest.fixture(scope="module")
def frame(spark: SparkSession) -> DataFrame:
    return examples(spark, planted, users=60).repartition(1).cache()


def assembled(candidate: Candidate, frame: DataFrame) -> PipelineModel:
    prepared = preparation(FEATURES).fit(frame)
    vectors = prepared.transform(frame)
    fitted = candidate.fit(vectors)
    margins = margin_of(fitted).transform(fitted.transform(vectors))
    return assemble(prepared, fitted, calibration().fit(margins))


@pytest.mark.parametrize("name", MADE)
def test_log_odds_are_a_line_over_the_margin_also_after_saving(name: str, frame: DataFrame, tmp_path: Path) -> None:
    model = assembled(MADE[name](), frame)
    model.write().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert type(estimator_of(loaded)) is type(estimator_of(model))
    a, b = calibration_of(loaded)
    assert (a, b) == calibration_of(model)
    assert a > 0
    rows = loaded.transform(frame).select(MARGIN, CALIBRATED).collect()
    for row, before in zip(rows, model.transform(frame).select(MARGIN, CALIBRATED).collect(), strict=True):
        assert row == before
        assert len(row[MARGIN]) == 1
        assert math.log(row[CALIBRATED][1] / row[CALIBRATED][0]) == pytest.approx(a * row[MARGIN][0] + b, abs=1e-9)


def test_margin_of_a_forest_is_the_bounded_log_odds_of_its_mean_probability(frame: DataFrame) -> None:
    row = assembled(forest(3, 1), frame).transform(frame).select(MARGIN, "probability").first()
    assert row is not None
    leavers = row["probability"][1] * 20
    assert row[MARGIN][0] == pytest.approx(math.log((leavers + 0.5) / (20 - leavers + 0.5)))


@pytest.mark.parametrize("name", ["LogisticRegression", "XGBoost"])
def test_margin_of_logistic_and_xgboost_is_their_log_odds(name: str, frame: DataFrame) -> None:
    row = assembled(MADE[name](), frame).transform(frame).select(MARGIN, "probability").first()
    assert row is not None
    odds = row["probability"][1] / row["probability"][0]
    assert math.log(odds) == pytest.approx(row[MARGIN][0], abs=1e-5)  # XGBoost counts in 32 bits


def test_gaps_are_filled_with_the_median_of_training(frame: DataFrame) -> None:
    values = sorted(row[GAPS] for row in frame.collect() if row[GAPS] is not None)
    gaps = preparation(FEATURES).fit(frame).transform(frame.where(F.col(GAPS).isNull()))
    filled = {row["gap"] for row in gaps.select(vector_to_array("features")[2].alias("gap")).collect()}
    (value,) = filled
    assert values[0] < value < values[-1]
    assert sum(other <= value for other in values) == pytest.approx(len(values) / 2, abs=len(values) * 0.02)


def test_the_level_moves_to_recent_examples_and_the_slope_stays(frame: DataFrame) -> None:
    vectors = preparation(FEATURES).fit(frame).transform(frame)
    fitted = logistic(0.1).fit(vectors)
    margins = margin_of(fitted).transform(fitted.transform(vectors))
    calibrator = calibration().fit(margins)
    recent = margins.where("label = 0 or user_id < '3'")
    moved = at_level(calibrator, recent)
    assert moved.coefficients[0] == pytest.approx(calibrator.coefficients[0], abs=1e-9)
    assert moved.intercept < calibrator.intercept
    means = moved.transform(recent).agg(
        F.avg(vector_to_array(CALIBRATED)[1]).alias("told"), F.avg("label").alias("left")
    )
    (told, left) = means.collect()[0]
    assert told == pytest.approx(left, abs=1e-4)


def test_a_margin_without_skill_is_flattened_and_never_turned_around(frame: DataFrame) -> None:
    vectors = preparation(FEATURES).fit(frame).transform(frame)
    fitted = logistic(0.1).fit(vectors)
    wrong = vectors.withColumn("label", 1 - F.col("label"))
    calibrator = calibration().fit(margin_of(fitted).transform(fitted.transform(wrong)))
    assert calibrator.coefficients[0] == pytest.approx(LEAST_SLOPE)
