"""Scoring with explanations, measured: customers a second on two cores, for each estimator, and a task's memory."""

import time
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.features.registry import MODEL_FEATURES
from spark_assets.modelling.contributions import explainer_of
from spark_assets.modelling.explanation import EXPLAINED, Explaining, explain
from spark_assets.modelling.reasons import DoubtLimits, Teller, Topics
from spark_assets.modelling.reference_profile import means_of, portrait, references_of, sample
from tests.benchmarks.measuring import table
from tests.spark_assets.modelling.fitted import LARGE, version_of

TRAINED_ON = 20_000
SCORED = 60_000


def drawn(spark: SparkSession, rows: int, seed: int) -> DataFrame:
    """Customers with random values of all features, one in ten unknown, who leave by the sum of some of them."""
    values = [F.rand(seed + place).alias(name) for place, name in enumerate(MODEL_FEATURES)]
    known = [
        F.when(F.rand(seed - 1 - place) > 0.1, F.col(name)).alias(name) for place, name in enumerate(MODEL_FEATURES)
    ]
    score = sum((F.coalesce(F.col(name), F.lit(0.5)) for name in MODEL_FEATURES[:20]), F.lit(0.0))
    label = (score + 2 * F.randn(seed) > 12).cast("double").alias("label")
    frame = spark.range(rows).select(F.col("id").cast("string").alias("user_id"), *values)
    return frame.select("user_id", *known).select("*", label)


@pytest.mark.parametrize("again", [False, True], ids=["first", "compared"])
def test_customers_a_second(spark: SparkSession, tmp_path: Path, again: bool) -> None:
    """Goal: 10 million customers within an hour on 8 cores, that is 350 a second and core."""
    training = drawn(spark, TRAINED_ON, seed=1_000).cache()
    customers = drawn(spark, SCORED, seed=5_000).repartition(8).cache()
    customers.count()
    described = portrait(sample(training, MODEL_FEATURES), MODEL_FEATURES)
    known = references_of("v1", {"features": MODEL_FEATURES, "portrait": described})
    teller = Teller(Topics(MODEL_FEATURES), known, DoubtLimits(14, 3, 25))
    rows = [("estimator", "customers", "seconds", "customers a second on 2 cores")]
    for kind, estimator in LARGE.items():
        model, uri = version_of(kind, training, tmp_path, names=MODEL_FEATURES, make=estimator)
        explaining = Explaining(explainer_of(model, uri, means_of(known)), teller, again)
        before = spark.createDataFrame([], EXPLAINED)
        if again:
            before = explain(model, customers, MODEL_FEATURES, before, explaining)
            before.write.parquet(str(tmp_path / f"before-{kind}"))
            before = spark.read.parquet(str(tmp_path / f"before-{kind}"))
        started = time.monotonic()
        explain(model, customers, MODEL_FEATURES, before, explaining).write.format("noop").mode("overwrite").save()
        seconds = time.monotonic() - started
        rows.append((kind, f"{SCORED:,}", f"{seconds:.1f}", f"{SCORED / seconds:,.0f}"))
    table("Scoring with explanations" + (", compared with the date before" if again else ""), rows)
