"""What a model must beat: figures of events per day alone, on a few customers."""

import random
from collections.abc import Callable

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.modelling.metrics import EVENTS_PER_DAY, events_per_day
from tests.spark_assets.features.frames import frame


def customers(spark: SparkSession, rate: Callable[[bool], float | None], seed: int = 1) -> DataFrame:
    """Return 40 customers, every fourth of whom leaves; `rate` gives the events per day of a leaver or a stayer."""
    dice = random.Random(seed)  # noqa: S311 - sample data
    rows = []
    for user in range(40):
        events = rate(user % 4 == 0)
        noise = dice.random()
        rows.append({EVENTS_PER_DAY: None if events is None else events + noise, "label": float(user % 4 == 0)})
    return frame(spark, rows, f"{EVENTS_PER_DAY} double, label double")


def test_who_does_less_and_leaves_more_is_found(spark: SparkSession) -> None:
    fit = customers(spark, lambda leaves: 10.0 if leaves else 20.0)
    found = events_per_day(fit, customers(spark, lambda leaves: 8.0 if leaves else 30.0, seed=2))
    assert (found["roc_auc"], found["pr_auc"], found["lift_top_tenth"]) == (1.0, 1.0, 4.0)
    assert found["brier"] is not None
    assert found["brier"] < 0.01


def test_the_direction_is_learned_on_the_fitting_side_alone(spark: SparkSession) -> None:
    fit = customers(spark, lambda leaves: 10.0 if leaves else 20.0)
    assert events_per_day(fit, customers(spark, lambda leaves: 20.0 if leaves else 10.0))["roc_auc"] == 0.0


def test_a_rate_that_tells_nothing_ranks_nobody(spark: SparkSession) -> None:
    fit = customers(spark, lambda leaves: 10.0 if leaves else 20.0)
    unknown = events_per_day(fit, customers(spark, lambda leaves: None))
    assert unknown["roc_auc"] == pytest.approx(0.5)
    assert unknown["pr_auc"] == pytest.approx(0.25)


def test_without_any_rate_to_learn_from_there_are_no_figures(spark: SparkSession) -> None:
    known = customers(spark, lambda leaves: 10.0)
    assert events_per_day(customers(spark, lambda leaves: None), known) == {}
