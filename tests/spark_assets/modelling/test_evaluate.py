"""Figures against values worked out by hand."""

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.modelling.evaluate import Metrics, evaluate
from tests.spark_assets.transforms.frames import frame


def scored(spark: SparkSession, *pairs: tuple[float, float]) -> DataFrame:
    """Return customers with (probability, label)."""
    rows = [
        {"user_id": f"{number:03}", "churn_probability": probability, "label": label}
        for number, (probability, label) in enumerate(pairs)
    ]
    return frame(spark, rows, "user_id string, churn_probability double, label double")


def test_four_examples(spark: SparkSession) -> None:
    metrics = evaluate(scored(spark, (0.9, 1.0), (0.8, 0.0), (0.7, 1.0), (0.1, 0.0)))
    assert metrics is not None
    assert metrics.as_dict() == pytest.approx(
        {
            "examples": 4,
            "leavers": 2,
            "base_rate": 0.5,
            "roc_auc": 0.75,  # 3 of 4 pairs in the right order
            "pr_auc": 0.5 * 1 + 0.5 * (1 / 2 + 2 / 3) / 2,
            "lift_top_tenth": 2.0,
            "brier": (0.01 + 0.64 + 0.09 + 0.01) / 4,
            "brier_no_skill": 0.25,
        }
    )


def test_lift_is_that_of_the_top_tenth(spark: SparkSession) -> None:
    pairs = [(0.99, 1.0), (0.98, 0.0), *[(0.5, 0.0)] * 17, (0.1, 1.0)]
    metrics = evaluate(scored(spark, *pairs))
    assert metrics is not None
    assert metrics.lift_top_tenth == pytest.approx(0.5 / 0.1)


def test_equal_probabilities_have_no_skill(spark: SparkSession) -> None:
    metrics = evaluate(scored(spark, *[(0.25, 1.0)] * 5, *[(0.25, 0.0)] * 15))
    assert metrics is not None
    assert (metrics.roc_auc, metrics.brier) == (pytest.approx(0.5), pytest.approx(metrics.brier_no_skill))


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_alone_has_no_ranking(spark: SparkSession, label: float) -> None:
    assert evaluate(scored(spark, (0.2, label), (0.4, label))) == Metrics(
        2, int(2 * label), label, None, None, None, pytest.approx(0.1 if label == 0 else 0.5), 0.0
    )


def test_no_examples_have_no_figures(spark: SparkSession) -> None:
    assert evaluate(scored(spark)) is None
