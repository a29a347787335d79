"""Facts of the scores, on tables written inline: what is outside, doubled, off the sum, and drifted since training."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from spark_assets.lake import storage
from spark_assets.lake.schema import CHURN_SCORES, USER_FEATURES
from spark_assets.lake.tables import replace_table
from spark_assets.modelling.reference_profile import portrait
from spark_assets.steps import inspect_model
from spark_assets.steps.settings import StepParams
from tests.spark_assets.publishing.snapshots import FACTS, customer, publish_rows

VERSION = "2018-12-01.1"
BASE = -3.0
TRAINED_ON = pd.DataFrame({name: np.arange(100.0) for name in ("songs_7d", "adverts_7d", "days_known")})
CUT_OFFS = {
    "data_from": "2018-10-01",
    "training_cut_offs": ["2018-10-15"],
    "folds": [{"validate": ["2018-10-22"]}],
    "evaluation_cut_off": "2018-11-05",
}

Score = tuple[str, float | None, list[float]]


def score(number: str, *contributions: float) -> Score:
    return number, 1 / (1 + math.exp(-(BASE + sum(contributions)))), list(contributions)


@pytest.fixture
def params(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> StepParams:
    """A lake with the card of a version, and a database with the portal's tables."""
    monkeypatch.setenv("PUBLISH_DATABASE_URL", database)
    card = {**CUT_OFFS, "features": list(TRAINED_ON), "portrait": portrait(TRAINED_ON, list(TRAINED_ON))}
    storage.write_json(str(tmp_path / "trained_model" / VERSION / "card.json"), card)
    return StepParams("", str(tmp_path))


def write_scores(spark: SparkSession, params: StepParams, rows: list[Score], version: str | None = VERSION) -> None:
    scores = spark.createDataFrame(rows, "user_id string, churn_probability double, contributions array<double>")
    notes = {
        "as_of": "2018-12-02",
        "model_version": version,
        "horizon_days": FACTS.horizon_days if version else None,
        "model_facts": {"base": BASE} if version else None,
    }
    replace_table(scores, params.lake, CHURN_SCORES, notes)


def write_features(spark: SparkSession, params: StepParams, songs: float = 0.0, leavers: float = 0.0) -> None:
    """Customers of now: like those trained on but for `songs` more, and beside them some who left, `leavers` more.

    All are known for longer, as the logs have grown: that is no drift.
    """
    alive = [(str(row), row + songs, float(row), None) for row in range(100)]
    gone = [(f"gone {row}", row + leavers, row + leavers, "2018-11-01") for row in range(100)]
    frame = spark.createDataFrame([*alive, *gone], "user_id string, songs_7d double, adverts_7d double, day string")
    rows = frame.selectExpr("*", "adverts_7d + 1000 AS days_known", "to_date(day) AS cancelled_on").drop("day")
    replace_table(rows, params.lake, USER_FEATURES)


def facts(spark: SparkSession, params: StepParams) -> dict[str, Any]:
    result = inspect_model.churn_scores(spark, params)
    json.dumps(result.as_dict(), allow_nan=False)
    return {"rows": result.rows, **result.facts}


def test_sound_scores_have_nothing_to_show(spark: SparkSession, params: StepParams) -> None:
    write_features(spark, params)
    rows = [score("1", 0.5, 0.25), score("2", -1.0, 0.0)]
    write_scores(spark, params, rows)
    found = facts(spark, params)
    assert (found["rows"], found["distinct"], found["outside"], found["offending"]) == (2, 2, 0, [])
    assert (found["not_adding_up"], found["worst"], found["drifted"]) == (0, [], {})
    assert found["largest_difference"] < 1e-12
    assert found["mean_probability"] == pytest.approx(sum(p for _, p, _ in rows if p) / 2)
    assert found["last_mean_probability"] is None
    assert (found["model_version"], found["max_psi"], found["max_score_ratio"]) == (VERSION, 0.25, 3.0)


def test_what_is_no_probability_is_counted_and_shown_without_whose_it_is(
    spark: SparkSession, params: StepParams
) -> None:
    write_features(spark, params)
    wrong: list[Score] = [("a", 1.5, [0.0]), ("b", -0.1, [0.0]), ("c", math.nan, [0.0]), ("d", None, [0.0])]
    write_scores(spark, params, [score("1", 0.5), *wrong])
    found = inspect_model.churn_scores(spark, params).facts
    assert found["outside"] == 4
    assert sorted(found["offending"]) == ["-0.1", "1.5", "None", "nan"]
    assert found["not_adding_up"] == 4


def test_a_customer_scored_twice_is_seen(spark: SparkSession, params: StepParams) -> None:
    write_features(spark, params)
    write_scores(spark, params, [score("1", 0.5), score("1", 0.5), score("2", 0.5)])
    found = facts(spark, params)
    assert (found["rows"], found["distinct"]) == (3, 2)


def test_contributions_are_added_to_the_base_of_the_scores(spark: SparkSession, params: StepParams) -> None:
    write_features(spark, params)
    number, probability, contributions = score("2", 1.0, 0.5)
    write_scores(spark, params, [score("1", 0.5), (number, probability, [contributions[0], 0.4])])
    found = facts(spark, params)
    assert (found["not_adding_up"], [row["difference"] for row in found["worst"]]) == (1, [pytest.approx(0.1)])
    assert not any("user_id" in row for row in found["worst"])
    assert found["largest_difference"] == pytest.approx(0.1)


def test_the_mean_of_the_snapshot_that_readers_see_stands_beside(
    spark: SparkSession, params: StepParams, database: str
) -> None:
    write_features(spark, params)
    write_scores(spark, params, [score("1", 0.5)])
    publish_rows(spark, database, [customer("1", churn_probability=0.2), customer("2", churn_probability=0.4)])
    assert facts(spark, params)["last_mean_probability"] == pytest.approx(0.3)


def test_features_that_moved_since_training_are_named_by_how_far(spark: SparkSession, params: StepParams) -> None:
    write_scores(spark, params, [score("1", 0.5)])
    write_features(spark, params, songs=50.0)
    found = facts(spark, params)["drifted"]
    assert list(found) == ["songs_7d"]
    assert found["songs_7d"] > 0.25


def test_who_has_cancelled_is_no_drift(spark: SparkSession, params: StepParams) -> None:
    write_scores(spark, params, [score("1", 0.5)])
    write_features(spark, params, leavers=500.0)
    assert facts(spark, params)["drifted"] == {}


def test_without_a_model_there_is_nothing_to_judge(spark: SparkSession, params: StepParams) -> None:
    write_features(spark, params)
    write_scores(spark, params, [], version=None)
    found = facts(spark, params)
    assert (found["rows"], found["mean_probability"], found["model_version"]) == (0, None, None)
    assert (found["outside"], found["not_adding_up"], found["drifted"]) == (0, 0, {})
