"""Training on frames small enough to know what can be learned from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from pyspark.ml.classification import NaiveBayesModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import Candidate, Fitted, UnexplainedEstimatorError
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.estimators.random_forest import forest
from spark_assets.estimators.xgboost import extreme_gradient_boosted
from spark_assets.modelling import training as train_module
from spark_assets.modelling.pipeline import calibration_of
from spark_assets.modelling.scoring import with_probability
from spark_assets.modelling.splits import BY_LISTENER, FORWARD, NotTrainableError
from spark_assets.modelling.training import Recipe, Trained, train
from tests.spark_assets.modelling.frames import (
    CUT_OFFS,
    FEW,
    GAPS,
    HORIZON,
    NEWEST,
    NOISE,
    SIGNAL,
    SILENT,
    at_random,
    examples,
    planted,
    rare,
)


@dataclass(frozen=True)
class Learned:
    """What was learned from examples with a planted signal."""

    frame: DataFrame
    trained: Trained


@pytest.fixture(scope="module", autouse=True)
def _few_features() -> Iterator[None]:
    """What is shown here does not depend on how many features there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "MODEL_FEATURES", FEW)
        yield


@pytest.fixture(scope="module")
def learned(spark: SparkSession, _few_features: None) -> Learned:
    frame = examples(spark, planted)
    return Learned(frame, fit_all(frame))


def fit(frame: DataFrame, *more: Candidate) -> Trained:
    return train(frame, Recipe(horizon_days=HORIZON, bootstrap_replicates=100), [logistic(0.1), *more])


def fit_all(frame: DataFrame) -> Trained:
    return fit(frame, forest(3, 1), extreme_gradient_boosted(150, 1))


def probabilities(trained: Trained, frame: DataFrame) -> dict[tuple[date, str], float]:
    rows = with_probability(trained.model, frame).collect()
    return {(row["cut_off"], row["user_id"]): row["churn_probability"] for row in rows}


def test_a_planted_signal_is_learned(learned: Learned) -> None:
    trained = learned.trained
    metrics = trained.figures.metrics
    assert metrics["roc_auc"] > 0.75
    assert metrics["intervals"]["roc_auc"][0] < metrics["roc_auc"] < metrics["intervals"]["roc_auc"][1]
    assert metrics["examples"] == 150
    assert metrics["brier"] < metrics["brier_no_skill"]
    assert metrics["pr_auc"] > trained.baselines["events per day alone"]["pr_auc"]
    assert trained.baselines["nobody leaves"]["pr_auc"] == pytest.approx(metrics["base_rate"])
    assert trained.plan.judge.cut_offs == (NEWEST,)
    assert (trained.fitting["examples"], trained.training["examples"]) == (450, 600)
    assert all(0 <= value <= 1 for value in probabilities(trained, learned.frame).values())


def test_every_candidate_is_tried_on_every_fold_and_one_is_chosen(learned: Learned) -> None:
    rows = learned.trained.candidates
    assert {row["estimator"] for row in rows} == {"LogisticRegression", "RandomForest", "XGBoost"}
    folds = [cut_off.isoformat() for cut_off in CUT_OFFS[1:3]]
    assert all(list(row["folds"]) == folds and row["seconds"] > 0 for row in rows)
    for row in rows:
        assert row["pr_auc"] == pytest.approx(sum(fold["pr_auc"] for fold in row["folds"].values()) / 2)
    (chosen,) = [row for row in rows if row["chosen"]]
    assert chosen["pr_auc"] >= 0.98 * max(row["pr_auc"] for row in rows)
    assert (chosen["estimator"], chosen["settings"]) == (learned.trained.chosen.name, learned.trained.chosen.settings)


def test_probabilities_are_calibrated_where_nothing_was_fitted(learned: Learned) -> None:
    metrics = learned.trained.figures.metrics
    assert metrics["mean_probability"] == pytest.approx(metrics["base_rate"], abs=0.08)  # two standard errors
    for row in learned.trained.figures.of_a_hundred:
        assert row["low"] - 0.05 <= row["mean_probability"] <= row["high"] + 0.05
    level = learned.trained.level
    assert (level["cut_offs"], level["leavers"] >= 30) == (
        [str(day) for day in CUT_OFFS[1 : 1 + len(level["cut_offs"])]],
        True,
    )
    assert sum(row["examples"] for row in learned.trained.figures.of_a_hundred) == 150 + level["examples"]
    assert calibration_of(learned.trained.model) == calibration_of(learned.trained.judged)


def test_the_level_is_that_of_the_newest_cut_offs_fitted_on(spark: SparkSession) -> None:
    rates = dict(zip(CUT_OFFS, (0.1, 0.3, 0.5, 0.6), strict=True))
    falling = examples(spark, lambda dice, row: dice.random() < rates[row["cut_off"]] * (0.5 + row[SIGNAL]), users=300)
    judged = fit(falling).judged
    newest = with_probability(judged, falling.where(falling.cut_off == CUT_OFFS[1]), keep=("label",))
    told, left = newest.agg(F.avg("churn_probability"), F.avg("label")).collect()[0]
    assert told == pytest.approx(left, abs=0.03)


def test_a_deep_forest_alone_tells_nobody_far_more_than_comes_true(spark: SparkSession) -> None:
    """At most 35 of 100 leave, 9 on average. Calibrated on folds forward in time, the forest says 22 on average."""
    few = examples(spark, rare, users=60)
    trained = train(few, Recipe(horizon_days=HORIZON, bootstrap_replicates=10), [forest(8, 1)])
    told = list(probabilities(trained, few).values())
    assert sum(told) / len(told) == pytest.approx(trained.training["base_rate"], abs=0.03)
    assert 0.1 < max(told) < 0.65


def test_the_same_past_is_judged_by_the_same_model_whatever_the_order_and_the_newest_window(learned: Learned) -> None:
    frame = learned.frame
    past = frame.where(frame.cut_off < NEWEST)
    upside_down = frame.where(frame.cut_off == NEWEST).withColumn("label", 1 - frame.label)
    other = fit_all(upside_down.union(past).repartition(5, "label").orderBy(SIGNAL))
    mine, theirs = learned.trained, other
    untimed = [[{**row, "seconds": 0} for row in trained.candidates] for trained in (mine, theirs)]
    assert untimed[0] == untimed[1]
    rows = [
        with_probability(trained.judged, frame).orderBy("cut_off", "user_id").collect() for trained in (mine, theirs)
    ]
    assert rows[0] == rows[1]
    assert theirs.figures.metrics["roc_auc"] == pytest.approx(1 - mine.figures.metrics["roc_auc"])


def test_same_data_and_seed_give_the_same_scores_however_partitioned(learned: Learned) -> None:
    again = fit_all(learned.frame.repartition(7, SIGNAL))
    assert probabilities(again, learned.frame) == probabilities(learned.trained, learned.frame)
    assert again.figures == learned.trained.figures


def test_a_feature_without_a_value_in_training_is_left_out_and_no_hindrance(learned: Learned) -> None:
    assert learned.trained.features == [SIGNAL, NOISE, GAPS]
    later = learned.frame.withColumn(SILENT, learned.frame[SIGNAL])
    assert probabilities(learned.trained, later) == probabilities(learned.trained, learned.frame)


def test_random_labels_teach_nothing(spark: SparkSession) -> None:
    trained = fit(examples(spark, at_random, users=200))
    metrics = trained.figures.metrics
    low, high = metrics["intervals"]["roc_auc"]
    assert low <= 0.5 <= high
    assert metrics["roc_auc"] == pytest.approx(0.5, abs=0.12)  # three standard errors of 60 against 140
    # The calibration flattens what has no skill: nobody is told to be in danger.
    assert max(probabilities(trained, learned_window(spark)).values()) < 0.5


def learned_window(spark: SparkSession) -> DataFrame:
    return examples(spark, at_random, users=200, cut_offs=[NEWEST], seed=12)


def test_a_feature_that_knows_the_label_is_seen(learned: Learned) -> None:
    leaking = learned.frame.withColumn(NOISE, F.col("label") + F.rand(1))
    assert fit(leaking).single_aucs[NOISE] > 0.95
    assert learned.trained.single_aucs[NOISE] < 0.6
    assert learned.trained.single_aucs[SIGNAL] < 0.95


def test_short_logs_are_judged_by_other_listeners(spark: SparkSession) -> None:
    trained = fit(examples(spark, planted, cut_offs=[NEWEST]))
    assert (trained.plan.judging, trained.plan.searching) == (BY_LISTENER, BY_LISTENER)
    assert trained.fitting["examples"] + trained.figures.metrics["examples"] == 150
    assert trained.figures.metrics["roc_auc"] > 0.6


def test_longer_logs_are_judged_forward_in_time(learned: Learned) -> None:
    assert (learned.trained.plan.judging, learned.trained.plan.searching) == (FORWARD, FORWARD)


def test_nothing_to_learn_from_says_so(spark: SparkSession) -> None:
    with pytest.raises(NotTrainableError, match=r"The logs are too short.*14 days"):
        fit(examples(spark, planted, users=0, cut_offs=[NEWEST]))
    with pytest.raises(NotTrainableError, match=r"Only 0 of .* training examples.*at least 10"):
        fit(examples(spark, lambda dice, row: False, users=30))


def test_a_candidate_that_nobody_can_explain_is_refused_before_anything_is_fitted(learned: Learned) -> None:
    def never(rows: DataFrame) -> Fitted:
        raise AssertionError("it was fitted")

    bayes = Candidate("Bayes", {}, never, NaiveBayesModel)  # type: ignore[arg-type] # that it is none of ours is the point
    with pytest.raises(UnexplainedEstimatorError, match="Candidate Bayes gives a NaiveBayesModel, whose scores cannot"):
        train(learned.frame, Recipe(horizon_days=HORIZON), [replace(logistic(0.1), fit=never), bayes])
