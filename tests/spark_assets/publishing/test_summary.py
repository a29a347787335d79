"""The overview's figures against values worked out by hand."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from spark_assets.publishing import summary as summary_module
from spark_assets.publishing.summary import Bands, summarise
from tests.spark_assets.publishing.snapshots import customer, frame

GONE = {"cancelled_on": date(2018, 11, 1), "churn_probability": None, "risk_band": None}


NO_BANDS = Bands(None, {}, {})


def test_every_figure(spark: SparkSession) -> None:
    rows = [
        customer("1", days_listened=10, songs_per_day=20.126, churn_probability=0.9, risk_band="high", gender="F"),
        customer("2", days_listened=20, songs_per_day=40.0, churn_probability=0.15, risk_band="medium", gender="M"),
        customer("3", days_listened=0, songs_per_day=None, churn_probability=0.0, risk_band="low", gender=None),
        customer("4", days_listened=50, songs_per_day=60.0, level="free", reasons=None, **GONE),
    ]
    summary = summarise(frame(spark, rows), Bands(0.25, {"high": 2.0}, {"high": 0.5}))
    sample = summary.pop("sample")  # type: ignore[misc]
    percentiles = summary.pop("percentiles")  # type: ignore[misc]
    assert {name: (len(values), values[0], values[50], values[100]) for name, values in percentiles.items()} == {
        "days_listened": (101, 0, 15, 50),
        "songs_per_day": (101, 20.13, 40, 60),
    }
    histogram = [0] * 20
    histogram[18] = histogram[3] = histogram[0] = 1
    assert summary == {
        "customers": 4,
        "active": 3,
        "cancelled": 1,
        "scored": 3,
        "median_days_listened": 15.0,
        "median_songs_per_day": 40.0,
        "bands": {"high": 1, "medium": 1, "low": 1},
        "base_rate": 0.25,
        "band_lifts": {"high": 2.0},
        "band_floors": {"high": 0.5},
        "genders": {"F": 2, "M": 1, "unknown": 1},
        "levels": {"free": 1, "paid": 3},
        "risk_histogram": histogram,
        "bands_by_level": {"paid": {"high": 1, "medium": 1, "low": 1}},
        "places": [{"place": "MT", "bands": {"high": 1, "medium": 1, "low": 1}}],
        "risen": 1,
        "drivers": {"songs_7d": {"raises": 3, "lowers": 0, "weight": 0.5}},
        "set_aside": 0,
    }
    assert sorted(sample, key=lambda point: point["days_listened"]) == [
        {"days_listened": 10, "songs_per_day": 20.13, "group": "high"},
        {"days_listened": 20, "songs_per_day": 40.0, "group": "medium"},
        {"days_listened": 50, "songs_per_day": 60.0, "group": "cancelled"},
    ]


def test_customers_without_a_score_stand_in_no_bin(spark: SparkSession) -> None:
    rows = [customer("1", churn_probability=None, risk_band=None), customer("2", **GONE)]
    summary = summarise(frame(spark, rows), NO_BANDS)
    assert summary["risk_histogram"] == [0] * 20
    assert summary["bands"] == {"high": 0, "medium": 0, "low": 0}
    assert {point["group"] for point in summary["sample"]} == {"unscored", "cancelled"}


def test_bins_begin_at_their_lower_edge_and_one_lies_in_the_last(spark: SparkSession) -> None:
    edges = [number / 20 for number in range(21)]
    rows = [customer(str(edge), churn_probability=edge) for edge in edges]
    assert summarise(frame(spark, rows), NO_BANDS)["risk_histogram"] == [1] * 19 + [2]


def test_nobody_is_summarised_too(spark: SparkSession) -> None:
    summary = summarise(frame(spark, []), NO_BANDS)
    assert (summary["customers"], summary["active"], summary["scored"]) == (0, 0, 0)
    assert (summary["median_days_listened"], summary["genders"], summary["sample"]) == (None, {}, [])


def test_the_sample_is_bounded_and_does_not_depend_on_the_order(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary_module, "SAMPLE_SIZE", 5)
    rows = [customer(str(number), days_listened=number) for number in range(30)]
    sample = summarise(frame(spark, rows), NO_BANDS)["sample"]
    assert len(sample) == 5
    assert summarise(frame(spark, rows[::-1]), NO_BANDS)["sample"] == sample


def test_values_beyond_the_most_frequent_are_counted_together(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary_module, "MAX_VALUES", 2)
    levels = ["a", "b", "b", "c", "c", "c", None]
    summary = summarise(frame(spark, [customer(str(n), level=level) for n, level in enumerate(levels)]), NO_BANDS)
    assert summary["levels"] == {"b": 2, "c": 3, "": 2}
    assert list(summary["bands_by_level"]) == ["b", "c"]
