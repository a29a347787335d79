import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.modelling import promotion as module
from spark_assets.modelling.promotion import Comparison, compare


def window(spark: SparkSession, challenger_noise: float, champion_noise: float, customers: int = 400) -> DataFrame:
    """Customers whose label follows a hidden score, and two models that see it through noise."""
    dice = np.random.default_rng(8)
    hidden = dice.normal(size=customers)
    labels = (hidden + dice.normal(size=customers) > 1).astype(float)
    seen = [hidden + noise * dice.normal(size=customers) for noise in (challenger_noise, champion_noise)]
    probabilities = [1 / (1 + np.exp(-scores)) for scores in seen]
    rows = [
        (str(number), float(labels[number]), *(float(scores[number]) for scores in probabilities))
        for number in range(customers)
    ]
    return spark.createDataFrame(rows, "user_id string, label double, challenger double, champion double")


def found(frame: DataFrame, figure: str = "roc_auc") -> Comparison:
    comparison = compare(frame, figure, 200, seed=1)
    assert comparison is not None
    return comparison


@pytest.mark.parametrize("figure", ["roc_auc", "pr_auc", "brier", "log_loss"])
def test_who_sees_less_is_worse_in_nearly_every_replicate(spark: SparkSession, figure: str) -> None:
    assert found(window(spark, 3.0, 0.1), figure).worse > 0.95
    assert found(window(spark, 0.1, 3.0), figure).worse < 0.05


def test_equals_are_worse_in_half_and_known_to_be_the_same(spark: SparkSession) -> None:
    frame = window(spark, 1.0, 1.0)
    same = frame.withColumn("champion", frame.challenger)
    assert (found(same).worse, found(same).same) == (0.5, True)
    assert not found(window(spark, 1.0, 1.0)).same


def test_same_seed_same_share_whatever_the_order(spark: SparkSession) -> None:
    frame = window(spark, 1.0, 0.9)
    assert found(frame) == found(frame.orderBy("challenger").repartition(3))


def test_one_class_cannot_be_judged(spark: SparkSession) -> None:
    assert compare(window(spark, 1, 1).where("label = 0"), "pr_auc", 100, 1) is None


def test_of_many_customers_some_are_drawn(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EXACT", 100)
    frame = window(spark, 1, 1)
    assert 60 < found(frame).examples < 140
    assert found(frame) == found(frame)
