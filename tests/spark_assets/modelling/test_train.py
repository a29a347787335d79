"""Training on frames small enough to know what can be learned from them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.modelling import grid as pipeline_module
from spark_assets.modelling import train as train_module
from spark_assets.modelling.score import with_probability
from spark_assets.modelling.train import NotTrainableError, Trained, train
from spark_assets.transforms.registry import MODEL_FEATURES
from tests.spark_assets.transforms.frames import Row, frame

HORIZON = 14
NEWEST = date(2018, 11, 18)
CUT_OFFS = [NEWEST - timedelta(days=HORIZON * step) for step in range(3)]
SIGNAL, NOISE, GAPS, SILENT = FEW = MODEL_FEATURES[:4]

Label = Callable[[random.Random, Row], bool]


@dataclass(frozen=True)
class Learned:
    """What was learned from examples with a planted signal."""

    frame: DataFrame
    trained: Trained


@pytest.fixture(scope="module", autouse=True)
def _small_search() -> Iterator[None]:
    """Search few features with small forests: what is shown here does not depend on how many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "MODEL_FEATURES", FEW)
        patch.setattr(train_module, "FOLDS", 2)
        patch.setattr(pipeline_module, "_REGULARISATIONS", [0.1])
        patch.setattr(pipeline_module, "_DEPTHS", [4])
        patch.setattr(pipeline_module, "_TREES", [10])
        yield


@pytest.fixture(scope="module")
def learned(spark: SparkSession, _small_search: None) -> Learned:
    frame = examples(spark, planted)
    return Learned(frame, fit(frame))


def planted(dice: random.Random, row: Row) -> bool:
    """Who has more of the signal leaves more often: AUC of the best possible model about 0.9."""
    return dice.random() < (0.75 if row[SIGNAL] > 0.7 else 0.05)


def at_random(dice: random.Random, row: Row) -> bool:
    return dice.random() < 0.3


def examples(spark: SparkSession, label: Label, users: int = 150) -> DataFrame:
    dice = random.Random(11)  # noqa: S311 - sample data
    rows: list[Row] = []
    for cut_off in CUT_OFFS:
        for user in range(users):
            gap = dice.choice((None, dice.random()))
            row: Row = {SIGNAL: dice.random(), NOISE: dice.random(), GAPS: gap, SILENT: None}
            row |= {"cut_off": cut_off, "user_id": str(user)}
            row |= {"label": float(label(dice, row))}
            rows.append(row)
    columns = ", ".join(f"{name} double" for name in FEW)
    return frame(spark, rows, f"cut_off date, user_id string, label double, {columns}")


def fit(frame: DataFrame, seed: int = 1) -> Trained:
    return train(frame, CUT_OFFS, HORIZON, seed)


def probabilities(trained: Trained, frame: DataFrame) -> dict[tuple[date, str], float]:
    rows = with_probability(trained.model, frame).collect()
    return {(row["cut_off"], row["user_id"]): row["churn_probability"] for row in rows}


def test_a_planted_signal_is_learned(learned: Learned) -> None:
    trained = learned.trained
    assert trained.metrics is not None
    assert trained.metrics.roc_auc is not None
    assert trained.metrics.roc_auc > 0.8
    assert trained.metrics.examples == 150
    assert trained.split.evaluation == NEWEST
    assert trained.training["examples"] == 300
    assert trained.chosen.name == max(trained.search, key=lambda point: point["pr_auc"])["estimator"]
    assert {point["estimator"] for point in trained.search} == {"LogisticRegression", "RandomForest"}
    assert all(0 <= value <= 1 for value in probabilities(trained, learned.frame).values())


def test_the_same_past_gives_the_same_model_whatever_the_order_and_the_newest_window(learned: Learned) -> None:
    frame = learned.frame
    past = frame.where(frame.cut_off < NEWEST)
    upside_down = frame.where(frame.cut_off == NEWEST).withColumn("label", 1 - frame.label)
    other = fit(upside_down.union(past).repartition(5, "label").orderBy(SIGNAL))
    assert (other.search, other.chosen.settings) == (learned.trained.search, learned.trained.chosen.settings)
    assert probabilities(other, frame) == probabilities(learned.trained, frame)
    assert other.metrics is not None
    assert learned.trained.metrics is not None
    assert other.metrics.roc_auc == pytest.approx(1 - (learned.trained.metrics.roc_auc or 0))


def test_a_feature_without_a_value_in_training_is_left_out_and_no_hindrance(learned: Learned) -> None:
    assert learned.trained.features == [SIGNAL, NOISE, GAPS]
    later = learned.frame.withColumn(SILENT, learned.frame[SIGNAL])
    assert probabilities(learned.trained, later) == probabilities(learned.trained, learned.frame)


def test_random_labels_teach_nothing(spark: SparkSession) -> None:
    metrics = fit(examples(spark, at_random, users=200)).metrics
    assert metrics is not None
    assert metrics.roc_auc == pytest.approx(0.5, abs=0.12)  # three standard errors of 60 against 140


def test_too_short_logs_say_so(spark: SparkSession) -> None:
    for cut_offs in ([], [NEWEST], [NEWEST, NEWEST - timedelta(days=7)]):
        with pytest.raises(NotTrainableError, match=r"The logs are too short.*14 days"):
            train(examples(spark, at_random, users=2), cut_offs, HORIZON, 1)


def test_too_few_leavers_say_so(spark: SparkSession) -> None:
    with pytest.raises(NotTrainableError, match=r"Only 0 of 60 training examples.*at least 10"):
        fit(examples(spark, lambda dice, row: False, users=30))
    with pytest.raises(NotTrainableError, match="Only 60 of 60 training examples"):
        fit(examples(spark, lambda dice, row: True, users=30))


def test_leavers_who_are_all_one_customer_say_so(spark: SparkSession) -> None:
    """Ten examples that leave, but held back together they leave the search none to learn from."""
    frame = examples(spark, lambda dice, row: row["user_id"] == "0", users=10)
    leaver = frame.where("user_id = '0'")
    for days in range(1, 6):
        frame = frame.union(leaver.withColumn("cut_off", leaver.cut_off - days))
    dates = [row["cut_off"] for row in frame.select("cut_off").distinct().collect()]
    with pytest.raises(NotTrainableError, match="too few customers"):
        train(frame, dates, HORIZON, 1)
