"""The step on a lake of simulated logs: scored, scored again, and scored a day later."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.linalg import DenseMatrix
from pyspark.sql import Row, SparkSession

from spark_assets.estimators.logistic_regression import logistic
from spark_assets.features.registry import FEATURE, MODEL_FEATURES
from spark_assets.lake.schema import CHURN_SCORES, USER_FEATURES
from spark_assets.lake.tables import read_table, replace_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling import training as train_module
from spark_assets.modelling.drift import grows
from spark_assets.modelling.explanation import not_adding_up
from spark_assets.modelling.pipeline import calibration
from spark_assets.steps import churn_scores, trained_model
from spark_assets.steps.settings import StepParams
from tests.spark_assets.steps.lakes import copy_of


def steep() -> LogisticRegression:
    """A calibration that lets the model speak up: so few simulated listeners show little skill, and flatten it."""
    return calibration().setLowerBoundsOnCoefficients(DenseMatrix(1, 1, [1.0]))


@pytest.fixture(scope="module")
def lake(spark: SparkSession, simulated: StepParams, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StepParams]:
    """A lake with a model, features as of the last day, and the scores of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "candidates", lambda *_: [logistic(0.05)])
        patch.setattr(train_module, "calibration", steep)
        params = copy_of(simulated, tmp_path_factory.mktemp("scored"))
        trained_model.run(spark, params)
        churn_scores.run(spark, params)
        yield params


def told(spark: SparkSession, params: StepParams) -> dict[str, Row]:
    return {row["user_id"]: row for row in read_table(spark, params.lake, CHURN_SCORES).collect()}


def test_the_first_scores_are_explained_and_compare_with_nothing(spark: SparkSession, lake: StepParams) -> None:
    notes = table_info(lake.lake, CHURN_SCORES)
    facts = notes["model_facts"]
    card = model_store.load_card(lake.lake, notes["model_version"])
    assert (facts["estimator"], facts["made_on"]) == ("LogisticRegression", card["made_at"][:10])
    assert set(facts["features"]) == set(card["features"])
    assert facts["of_a_hundred"] == card["of_a_hundred"]
    assert (facts["previous"], notes["previous"]) == (None, None)
    assert facts["judged_on"] == {name: card["metrics"][name] for name in ("examples", "leavers")}
    assert not facts["flattened"]
    assert notes["largest_psi"] >= 0
    # the logs grow from one cut-off to the next, and with them the days since the first event: that tells nothing
    grown = {FEATURE[name].meaning for name in card["features"] if grows(FEATURE[name].formula)}
    assert "Days since the first event in the logs" in grown
    assert grown.isdisjoint(facts["shifted"])
    rows = told(spark, lake)
    alive = read_table(spark, lake.lake, USER_FEATURES).where("cancelled_on IS NULL")
    assert set(rows) == {row["user_id"] for row in alive.select("user_id").collect()}
    assert all(row["change"] is None for row in rows.values())
    assert all(1 <= len(json.loads(row["reasons"])) <= 5 for row in rows.values())
    assert not_adding_up(read_table(spark, lake.lake, CHURN_SCORES), facts["base"])["not_adding_up"] == 0


def test_a_day_later_changes_are_told_and_scoring_again_tells_the_same(spark: SparkSession, lake: StepParams) -> None:
    first = told(spark, lake)
    features = read_table(spark, lake.lake, USER_FEATURES)
    later = features.withColumns({name: 3 * features[name] + 1 for name in MODEL_FEATURES})
    replace_table(later, lake.lake, USER_FEATURES, {"as_of": "2018-11-10"})
    churn_scores.run(spark, lake)
    second = told(spark, lake)
    facts = table_info(lake.lake, CHURN_SCORES)["model_facts"]
    assert facts["previous"] == {"as_of": "2018-11-09", "same_model": True}
    changes = {number: json.loads(row["change"]) for number, row in second.items()}
    assert all(
        change["p"] == pytest.approx(first[number]["churn_probability"], abs=1e-5) for number, change in changes.items()
    )
    assert any(change["m"] for change in changes.values())
    churn_scores.run(spark, lake)
    assert told(spark, lake) == second

    # another model: same examples, but a version of its own
    replace_table(read_table(spark, lake.lake, USER_FEATURES), lake.lake, USER_FEATURES, {"as_of": "2018-11-11"})
    trained_model.run(spark, lake)
    newest = model_store.versions(lake.lake)[-1]
    model_store.make_champion(lake.lake, newest)
    churn_scores.run(spark, lake)
    assert table_info(lake.lake, CHURN_SCORES)["model_facts"]["previous"] == {
        "as_of": "2018-11-10",
        "same_model": False,
    }
    assert all(row["change"] is None for row in told(spark, lake).values())


def test_without_a_champion_the_table_is_empty_and_says_why(spark: SparkSession, tmp_path: Path) -> None:
    rows = [("1", None)]
    features = spark.createDataFrame(rows, "user_id string, cancelled_on date")
    replace_table(features, str(tmp_path), USER_FEATURES, {"as_of": "2018-11-10"})
    result = churn_scores.run(spark, StepParams("", str(tmp_path)))
    assert (result.rows, result.facts["model_facts"], result.facts["bands"]) == (0, None, {})
    assert result.facts["model_note"] == "No model has been trained yet: materialize trained_model."
