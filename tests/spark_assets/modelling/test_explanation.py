"""The pass over all customers, with a real model."""

import json
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame, Row, SparkSession

from spark_assets.modelling.contributions import explainer_of
from spark_assets.modelling.explanation import EXPLAINED, Explaining, explain, not_adding_up
from spark_assets.modelling.reasons import DoubtLimits, Teller, Topics
from spark_assets.modelling.reference_profile import means_of, portrait, references_of
from tests.spark_assets.modelling.fitted import NAMES, customers, version_of


@dataclass(frozen=True)
class Version:
    """A model with all that explaining with it takes."""

    model: PipelineModel
    explaining: Explaining

    def explain(self, frame: DataFrame, before: DataFrame | None = None) -> DataFrame:
        compares = before is not None
        nobody = frame.sparkSession.createDataFrame([], EXPLAINED)
        told = replace(self.explaining, compares=compares)
        return explain(self.model, frame, NAMES, nobody if before is None else before, told)


@pytest.fixture(scope="module")
def version(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Version:
    training = customers(spark)
    model, uri = version_of("forest", training, tmp_path_factory.mktemp("versions"), customers(spark, seed=6))
    card = {"features": NAMES, "portrait": portrait(training.toPandas(), NAMES)}
    known = references_of("v1", card)
    teller = Teller(Topics(NAMES), known, DoubtLimits(14, 3, 25))
    return Version(model, Explaining(explainer_of(model, uri, means_of(known)), teller, compares=False))


@pytest.fixture(scope="module")
def now(spark: SparkSession) -> DataFrame:
    return customers(spark, count=90, seed=21)


def by_customer(frame: DataFrame) -> dict[str, Row]:
    return {row["user_id"]: row for row in frame.collect()}


def test_every_customer_is_told_of_once_in_the_promised_columns(version: Version, now: DataFrame) -> None:
    explained = version.explain(now)
    assert [(field.name, field.dataType) for field in explained.schema] == [
        (field.name, field.dataType) for field in EXPLAINED
    ]
    rows = explained.collect()
    assert sorted(row["user_id"] for row in rows) == [f"{user:04d}" for user in range(90)]
    for row in rows:
        reasons = json.loads(row["reasons"])
        assert 1 <= len(reasons) <= 5
        assert [abs(each["c"]) for each in reasons] == sorted((abs(each["c"]) for each in reasons), reverse=True)
        assert row["change"] is None


def test_values_are_the_customers_own_and_unknown_ones_stay_unknown(version: Version, now: DataFrame) -> None:
    given = by_customer(now)
    for number, row in by_customer(version.explain(now)).items():
        assert row["feature_values"] == [given[number][name] for name in NAMES]


def test_the_sum_is_the_score_for_every_customer(version: Version, now: DataFrame) -> None:
    found = not_adding_up(version.explain(now), version.explaining.explainer.base)
    assert (found["not_adding_up"], found["worst"]) == (0, [])
    assert 0 < found["largest_difference"] < 1e-9


def test_contributions_that_do_not_add_up_are_counted_and_shown(version: Version, now: DataFrame) -> None:
    scores = version.explain(now)
    base = version.explaining.explainer.base
    bent = scores.selectExpr(
        "user_id",
        "CASE user_id WHEN '0003' THEN churn_probability + 1e-4 WHEN '0004' THEN double('NaN') "
        "ELSE churn_probability END AS churn_probability",
        "contributions",
    )
    found = not_adding_up(bent, base)
    assert found["not_adding_up"] == 2
    assert [row["difference"] is not None and row["difference"] < 1e-2 for row in found["worst"]].count(True) == 1
    assert not any("user_id" in row for row in found["worst"])
    assert not_adding_up(scores, base + 0.01)["not_adding_up"] == 90


def test_a_probability_of_which_a_double_tells_no_more_adds_up(spark: SparkSession) -> None:
    rows = [("sure", 1.0, [30.0, 20.0]), ("nearly", 1 / (1 + math.exp(-30)), [30.0, 0.0]), ("off", 1.0, [3.0, 0.0])]
    scores = spark.createDataFrame(rows, "user_id string, churn_probability double, contributions array<double>")
    found = not_adding_up(scores, 0.0)
    assert [row["base_and_contributions"] for row in found["worst"]] == [3.0]


def test_it_is_the_same_however_customers_are_dealt_out(spark: SparkSession, version: Version, now: DataFrame) -> None:
    whole = by_customer(version.explain(now))
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    try:
        dealt = by_customer(version.explain(now.repartition(4)))
    finally:
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert dealt == whole


def test_a_change_is_told_against_the_scores_before(version: Version, now: DataFrame) -> None:
    """Ten more adverts than at the date before, for all but one, who was not there then."""
    before = version.explain(now.withColumn("adverts_7d", now.adverts_7d / 4).where("user_id <> '0007'")).cache()
    old, told = by_customer(before), by_customer(version.explain(now, before))
    assert told["0007"]["change"] is None
    adverts = NAMES.index("adverts_7d")
    for number in set(told) - {"0007"}:
        change = json.loads(told[number]["change"])
        assert change["p"] == pytest.approx(old[number]["churn_probability"], abs=1e-5)
        assert len(change["m"]) <= 3
        for move in change["m"]:
            if move["f"] == "adverts_7d":
                assert move["o"] == pytest.approx(old[number]["contributions"][adverts], abs=1e-3)
                assert move["n"] == pytest.approx(told[number]["contributions"][adverts], abs=1e-3)
                assert "adverts in the last 7 days; was " in move["s"] or "advert in the last" in move["s"]
    moves = [json.loads(told[number]["change"])["m"] for number in set(told) - {"0007"}]
    assert np.mean([any(move["f"] == "adverts_7d" for move in each) for each in moves]) > 0.5


def test_too_little_history_is_doubted(version: Version, now: DataFrame) -> None:
    given = by_customer(now)
    for number, row in by_customer(version.explain(now)).items():
        codes = {each["c"] for each in json.loads(row["doubts"] or "[]")}
        assert ("new" in codes) == (given[number]["days_known"] < 14)
        assert row["doubts"] != "[]"


def test_nobody_to_score_is_no_fault(version: Version, now: DataFrame) -> None:
    assert version.explain(now.where("false")).collect() == []
