"""The step on a lake of simulated logs: what is kept, who scores, and when nothing is trained."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark import SparkConf
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts.explanations import LEAST_LEAVERS_TO_JUDGE
from spark_assets.errors import SettingsError
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.estimators.random_forest import forest
from spark_assets.lake import storage
from spark_assets.lake.schema import TRAINING_EXAMPLES
from spark_assets.lake.tables import read_table, replace_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling import training as train_module
from spark_assets.modelling.model_store import UnknownVersionError
from spark_assets.modelling.scoring import PROBABILITY, with_probability
from spark_assets.steps import inspect_model, promote_model, trained_model
from spark_assets.steps.settings import StepParams
from tests.e2e.killing import STEP, kill_when
from tests.spark_assets.steps.lakes import copy_of

FEW = ("days_since_last_seen", "days_listened", "songs_7d", "songs_trend_7d", "adverts_7d", "thumbs_down_share_30d")
"""What is shown here does not depend on how many features a model reads."""

PROGRAM = f"""
from spark_assets.modelling import train
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.estimators.random_forest import forest
train.MODEL_FEATURES = {FEW}
train.candidates = lambda seed, _: [logistic(0.1), forest(3, seed)]
{STEP}
"""
LAST_DAY = "2018-11-09"
FIRST_VERSION = f"{LAST_DAY}.1"


@pytest.fixture(scope="module", autouse=True)
def _small_search() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "MODEL_FEATURES", FEW)
        patch.setattr(train_module, "candidates", lambda seed, _: [logistic(0.1), forest(3, seed)])
        yield


@pytest.fixture(scope="module")
def made(
    spark: SparkSession, simulated: StepParams, tmp_path_factory: pytest.TempPathFactory, _small_search: None
) -> StepParams:
    """A lake with examples and one trained model."""
    params = copy_of(simulated, tmp_path_factory.mktemp("made"))
    result = trained_model.run(spark, params)
    assert (result.facts["trained"], result.facts["promoted"]) == (True, True)
    return params


@pytest.fixture
def lake(made: StepParams, tmp_path: Path) -> StepParams:
    """A copy that a test may change."""
    return copy_of(made, tmp_path)


def test_the_card_holds_what_a_person_needs_to_trust_it(made: StepParams) -> None:
    card = model_store.load_card(made.lake, FIRST_VERSION)
    assert model_store.champion(made.lake) == FIRST_VERSION
    assert (card["data_from"], card["as_of"], card["horizon_days"], card["seed"]) == ("2018-10-01", LAST_DAY, 7, 1)
    assert card["recipe"]["choose_by"] == "pr_auc"
    assert len(card["code"]) == 12
    assert card["packages"]["pyspark"]
    assert [row["estimator"] for row in card["search"]] == ["LogisticRegression", "RandomForest"]
    assert card["search_fits"] == 2 * len(card["folds"])
    assert set(card["baselines"]) == {"nobody leaves", "events per day alone"}
    assert card["metrics"]["weighted_f1_no_skill"] > 0.5
    assert set(card["portrait"]) == set(card["features"]) == set(FEW)
    assert sum(row["examples"] for row in card["reliability"]) == card["metrics"]["examples"]
    assert card["why"] == "The first model."
    json.dumps(card, allow_nan=False)


@pytest.mark.slow("trains again")
def test_training_again_on_the_same_logs_keeps_the_champion(lake: StepParams, spark: SparkSession) -> None:
    result = trained_model.run(spark, lake)
    json.dumps(result.as_dict(), allow_nan=False)
    assert (result.facts["trained"], result.facts["promoted"], result.facts["version"]) == (
        True, False, f"{LAST_DAY}.2"
    )  # fmt: skip
    assert result.facts["reason"] == f"{FIRST_VERSION} stays: the same logs gave the same model."
    assert inspect_model.trained_model(spark, lake).facts["unchanged"]
    assert model_store.champion(lake.lake) == FIRST_VERSION
    by_hand = promote_model.run(spark, replace(lake, version=f"{LAST_DAY}.2"))
    assert by_hand.facts == {"champion": f"{LAST_DAY}.2", "before": FIRST_VERSION}


@pytest.mark.slow("trains again")
def test_killed_while_the_model_is_written_leaves_no_version_and_the_next_training_is_the_same(
    lake: StepParams, spark: SparkSession
) -> None:
    half_written = Path(lake.lake, "trained_model", f"{LAST_DAY}.2")
    kill_when((half_written / "pipeline").exists, PROGRAM, "trained_model", json.dumps(lake.as_dict()))
    assert not (half_written / "card.json").exists()
    assert (model_store.champion(lake.lake), model_store.versions(lake.lake)) == (FIRST_VERSION, [FIRST_VERSION])
    with pytest.raises(UnknownVersionError):
        promote_model.run(spark, replace(lake, version=half_written.name))
    facts = trained_model.run(spark, lake).facts
    assert (facts["version"], facts["champion"]) == (half_written.name, FIRST_VERSION)
    assert facts["reason"] == f"{FIRST_VERSION} stays: the same logs gave the same model."
    examples = read_table(spark, lake.lake, TRAINING_EXAMPLES)
    undisturbed, again = (
        with_probability(model_store.load_model(lake.lake, version), examples).select(PROBABILITY).collect()
        for version in model_store.versions(lake.lake)
    )
    assert again == undisturbed


def test_training_waits_until_it_is_due(lake: StepParams, spark: SparkSession) -> None:
    weekly = replace(lake, retrain_every_days=StepParams.retrain_every_days)
    result = trained_model.run(spark, weekly)
    assert (result.rows, result.facts["trained"]) == (0, False)
    assert (
        "Training is not due: version 2018-11-09.1 was trained on logs that end 0 days earlier"
        in (result.facts["reason"])
    )
    assert model_store.versions(lake.lake) == [FIRST_VERSION]
    assert model_store.last_attempt(lake.lake)["reason"] is None
    aged = storage.join(lake.lake, "trained_model", FIRST_VERSION, "card.json")
    storage.write_json(aged, {**storage.read_json(aged), "as_of": "2018-11-02"})
    assert trained_model.run(spark, weekly).facts["trained"]


def test_training_waits_a_week_by_default() -> None:
    assert StepParams("", "").retrain_every_days == 7


def test_too_few_leavers_keep_the_champion_and_say_why(lake: StepParams, spark: SparkSession) -> None:
    _change(spark, lake, "label", F.lit(0.0))
    result = trained_model.run(spark, lake)
    assert (result.rows, result.facts["trained"], result.facts["champion"]) == (0, False, FIRST_VERSION)
    assert "Only 0 of" in result.facts["reason"]
    assert inspect_model.trained_model(spark, lake).facts["reason"] == result.facts["reason"]


@pytest.mark.slow("trains again")
def test_a_simulated_leak_is_refused_and_shown_to_the_checks(lake: StepParams, spark: SparkSession) -> None:
    """As if the feature were counted to the end of the log, where a leaver's days are over."""
    silence = F.col("days_since_last_seen") + 30 * F.col("label")
    _change(spark, lake, "days_since_last_seen", silence)
    result = trained_model.run(spark, lake)
    assert not result.facts["promoted"]
    assert "taken for a leak: days_since_last_seen" in result.facts["reason"]
    assert model_store.champion(lake.lake) == FIRST_VERSION
    facts = inspect_model.trained_model(spark, lake).facts
    assert list(facts["leaks"]) == ["days_since_last_seen"]
    assert facts["leaks"]["days_since_last_seen"] > facts["max_feature_auc"]


def test_the_facts_for_the_checks(made: StepParams, spark: SparkSession) -> None:
    result = inspect_model.trained_model(spark, made)
    json.dumps(result.as_dict(), allow_nan=False)
    assert (result.rows, result.facts["champion"], result.facts["leaks"]) == (1, FIRST_VERSION, {})
    assert 0 < result.facts["roc_auc"] < 1
    # of so few simulated listeners too few leave to say more of the ranking
    assert (result.facts["intervals"]["roc_auc"] is None) == (result.facts["leavers"] < LEAST_LEAVERS_TO_JUDGE)
    assert result.facts["intervals"]["ece"] is not None


def test_there_is_nothing_to_say_before_the_first_model(made: StepParams, spark: SparkSession, tmp_path: Path) -> None:
    result = inspect_model.trained_model(spark, replace(made, lake=str(tmp_path)))
    assert (result.rows, result.facts["champion"], result.facts["roc_auc"]) == (0, None, None)


def test_executors_that_come_and_go_are_refused_before_any_work(spark: SparkSession) -> None:
    moving, allocating = SparkConf().setMaster("yarn"), "spark.dynamicAllocation.enabled"
    trained_model.require_standing_executors(moving)
    moving.set(allocating, "True")  # Spark reads it in any case of letters
    with pytest.raises(SettingsError, match=r"set spark\.dynamicAllocation\.enabled to false in spark-defaults\.conf"):
        trained_model.require_standing_executors(moving)
    # Spark itself disregards the setting on one machine
    trained_model.require_standing_executors(moving.setMaster("local[2]"))


def _change(spark: SparkSession, params: StepParams, column: str, value: object) -> None:
    """Change a column of the training examples."""
    info = table_info(params.lake, TRAINING_EXAMPLES)
    changed = read_table(spark, params.lake, TRAINING_EXAMPLES).withColumn(column, value)  # type: ignore[arg-type]
    notes = {name: info[name] for name in ("horizon_days", "cut_offs")}
    replace_table(changed, params.lake, TRAINING_EXAMPLES, notes)
