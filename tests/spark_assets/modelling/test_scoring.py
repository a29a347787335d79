import math

import pytest
from pyspark.sql import SparkSession

from spark_assets.modelling.scoring import band_floors, risk_band
from tests.spark_assets.features.frames import frame

LIFTS = {"high": 2.0, "medium": 1.0}


def test_floors_are_multiples_of_the_share_of_leavers() -> None:
    assert band_floors(0.125, LIFTS) == {"high": 0.25, "medium": 0.125}
    assert band_floors(0.8, LIFTS) == {"high": 1.0, "medium": 0.8}
    assert band_floors(0.1, {"high": 3.0, "medium": 1.5}) == {"high": pytest.approx(0.3), "medium": pytest.approx(0.15)}


def test_a_probability_at_a_floor_is_in_the_band(spark: SparkSession) -> None:
    bands = {
        0.25: "high",
        math.nextafter(0.25, 0): "medium",
        0.125: "medium",
        math.nextafter(0.125, 0): "low",
        0.0: "low",
        1.0: "high",
        None: None,
    }
    rows = frame(spark, [{"churn_probability": value} for value in bands], "churn_probability double")
    found = rows.select("churn_probability", risk_band(band_floors(0.125, LIFTS)).alias("band")).collect()
    assert {row["churn_probability"]: row["band"] for row in found} == bands


@pytest.mark.parametrize("base_rate", [0.0, 1.0])
def test_extreme_shares_still_give_bands(spark: SparkSession, base_rate: float) -> None:
    rows = frame(spark, [{"churn_probability": 1.0}], "churn_probability double")
    assert [row["band"] for row in rows.select(risk_band(band_floors(base_rate, LIFTS)).alias("band")).collect()] == [
        "high"
    ]
