"""Who becomes champion, by real models on a real lake."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.estimators.logistic_regression import logistic
from spark_assets.modelling import model_store
from spark_assets.modelling import training as train_module
from spark_assets.modelling.metrics import auc_error
from spark_assets.modelling.model_card import card
from spark_assets.modelling.promotion import Verdict, decide, suspects
from spark_assets.modelling.splits import Count
from spark_assets.modelling.training import Recipe, Trained, train
from tests.spark_assets.modelling.frames import FEW, HORIZON, NEWEST, NOISE, SIGNAL, examples, planted

RECIPE = Recipe(horizon_days=HORIZON, bootstrap_replicates=100)


@pytest.fixture(scope="module", autouse=True)
def _few_features() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "MODEL_FEATURES", FEW)
        yield


@pytest.fixture(scope="module")
def table(spark: SparkSession) -> DataFrame:
    return examples(spark, planted, users=200).cache()


@pytest.fixture(scope="module")
def good(table: DataFrame, _few_features: None) -> Trained:
    return train(table, RECIPE, [logistic(0.1)])


@pytest.fixture(scope="module")
def blind(table: DataFrame, _few_features: None) -> Trained:
    """Learned from the same examples with a signal that means nothing."""
    mixed = table.withColumn(SIGNAL, table[NOISE])
    return train(mixed, RECIPE, [logistic(0.1)])


def crowned(lake: Path, trained: Trained, **changes: Any) -> None:  # noqa: ANN401 - as cards hold
    """Make a model the champion of a lake."""
    written = {"version": "2018-12-01.1", "as_of": "2018-12-01", **card(trained, RECIPE), **changes}
    model_store.save(str(lake), "2018-12-01.1", trained.model, trained.judged, written)
    model_store.make_champion(str(lake), "2018-12-01.1")


def verdict(lake: Path, table: DataFrame, trained: Trained, as_of: str = "2018-12-02", **leaks: float) -> Verdict:
    return decide(str(lake), table, trained, RECIPE, as_of, 0.8, leaks)


def test_the_first_model_scores(tmp_path: Path, table: DataFrame, blind: Trained) -> None:
    assert verdict(tmp_path, table, blind) == Verdict(True, "The first model.")


def test_a_better_model_replaces_the_champion(tmp_path: Path, table: DataFrame, good: Trained, blind: Trained) -> None:
    crowned(tmp_path, blind)
    found = verdict(tmp_path, table, good)
    assert found.promoted
    assert found.comparison is not None
    assert found.comparison["challenger"] > found.comparison["champion"]
    assert "Replaces 2018-12-01.1: not worse (pr_auc" in found.why


def test_a_worse_model_does_not_and_says_why(tmp_path: Path, table: DataFrame, good: Trained, blind: Trained) -> None:
    crowned(tmp_path, good)
    found = verdict(tmp_path, table, blind)
    assert not found.promoted
    assert found.comparison is not None
    assert found.comparison["worse"] > 0.8
    assert found.comparison["examples"] == 200
    assert "2018-12-01.1 stays: the new model is worse" in found.why


@pytest.mark.slow("trains again")
def test_the_same_logs_and_model_change_nothing(tmp_path: Path, table: DataFrame, good: Trained) -> None:
    crowned(tmp_path, good)
    found = verdict(tmp_path, table, good, as_of="2018-12-01")
    assert (found.promoted, found.why) == (False, "2018-12-01.1 stays: the same logs gave the same model.")
    assert found.unchanged
    assert verdict(tmp_path, table, good, as_of="2018-12-02").promoted


@pytest.mark.slow("trains again")
def test_another_horizon_or_lost_features_replace_without_comparison(
    tmp_path: Path, table: DataFrame, good: Trained, blind: Trained
) -> None:
    crowned(tmp_path, good, horizon_days=30)
    assert verdict(tmp_path, table, blind) == Verdict(
        True, "Replaces 2018-12-01.1, which looks 30 days ahead instead of 14."
    )
    crowned(tmp_path / "other", good, features=[SIGNAL, "songs_on_mars"])
    found = verdict(tmp_path / "other", table, blind)
    assert found.why == "Replaces 2018-12-01.1, which reads features that are no longer computed: songs_on_mars."


def test_a_champion_of_an_estimator_that_is_gone_is_replaced_without_comparison(
    tmp_path: Path, table: DataFrame, good: Trained, blind: Trained
) -> None:
    crowned(tmp_path, good, estimator="GBT")
    told = "Replaces 2018-12-01.1, which is of the estimator GBT, which this Encore does not know."
    assert verdict(tmp_path, table, blind) == Verdict(True, told)


@pytest.mark.slow("trains again")
def test_a_window_in_which_nobody_left_decides_nothing(tmp_path: Path, table: DataFrame, good: Trained) -> None:
    crowned(tmp_path, good)
    still = table.where((table.cut_off < NEWEST) | (table.label == 0))
    found = verdict(tmp_path, still, good)
    assert (found.promoted, found.comparison) == (False, None)
    assert "2018-12-01.1 stays: nobody, or everybody, of the newest window left" in found.why


def test_a_leak_is_refused_even_without_a_champion(tmp_path: Path, table: DataFrame, good: Trained) -> None:
    found = verdict(tmp_path, table, good, songs_7d=0.97)
    assert not found.promoted
    assert "taken for a leak: songs_7d (ROC AUC 0.97)" in found.why


def test_the_error_of_a_suspect_is_that_of_the_rows_it_was_computed_from(good: Trained) -> None:
    """The AUC of a million examples comes from a sample of 20,000: taken of all, its error was a fifth of the truth."""
    found = replace(good, single_aucs={SIGNAL: 0.787}, drawn=Count(20_000, 800))
    assert auc_error(0.787, 800, 19_200) > 4 * auc_error(0.787, 16_000, 384_000)
    assert suspects(replace(found, drawn=Count(400_000, 16_000)), 0.78) == {SIGNAL: 0.787}
    assert suspects(replace(found, training={"examples": 400_000, "leavers": 16_000, "base_rate": 0.04}), 0.78) == {}
    assert good.drawn == Count(int(good.training["examples"]), int(good.training["leavers"]))


def test_suspects_are_the_features_above_the_limit(good: Trained) -> None:
    assert suspects(good, 1.0) == {}
    assert list(suspects(good, 0.7)) == [SIGNAL]
    assert suspects(good, good.single_aucs[SIGNAL] - 0.01) == {}  # above it, but perhaps by chance
