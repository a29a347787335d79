"""Log-odds of a forest: with an end, and in arrays what they are in Spark."""

from pathlib import Path

import numpy as np
import pytest
from pyspark.ml import PipelineModel
from pyspark.ml.functions import array_to_vector
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.random_forest import BoundedLogOdds, log_odds, stretch

SOME = np.array([0.0, 1e-4, 0.03, 0.06, 0.4, 0.5, 0.97, 1.0])


def test_pure_leaves_are_half_a_customer_short_of_certain() -> None:
    found = log_odds(SOME)
    assert (np.diff(found) > 0).all()
    assert found[-1] == -found[0] == pytest.approx(np.log(41))
    assert found[5] == 0


def test_spark_and_arrays_agree_also_after_saving(spark: SparkSession, tmp_path: Path) -> None:
    PipelineModel([BoundedLogOdds()]).write().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    rows = spark.createDataFrame([(float(value),) for value in SOME], "p double")
    by_class = rows.withColumn("probability", array_to_vector(F.array(1 - F.col("p"), F.col("p"))))
    margins = [row["margin"] for row in loaded.transform(by_class).collect()]
    assert all(len(margin) == 1 for margin in margins)
    assert np.allclose([margin[0] for margin in margins], log_odds(SOME), rtol=0, atol=1e-14)


def test_what_is_stretched_adds_up_and_does_not_jump_where_nothing_moved() -> None:
    base = 0.06
    moved = np.array([0.3, 1e-3, 1e-8, 1e-12, 0.0, -1e-12, -1e-8, -0.06])
    rates = stretch(base, moved)
    risen = log_odds(base + moved) - log_odds(np.array(base))
    assert np.allclose(rates * moved, risen, rtol=0, atol=1e-15)
    assert np.allclose(rates[2:7], rates[4], rtol=1e-6)
    assert (rates > 0).all()


def test_a_forest_saved_when_its_margin_stage_was_elsewhere_is_loaded(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    PipelineModel([BoundedLogOdds()]).write().save(str(folder))
    (noted,) = (folder / "stages").glob("*/metadata/part-*")
    for checksum in noted.parent.glob(".part-*"):
        checksum.unlink()
    here = f"{BoundedLogOdds.__module__}.BoundedLogOdds"
    assert here in noted.read_text()
    noted.write_text(noted.read_text().replace(here, "spark_assets.modelling.log_odds.BoundedLogOdds"))
    (stage,) = PipelineModel.load(str(folder)).stages
    assert type(stage) is BoundedLogOdds
