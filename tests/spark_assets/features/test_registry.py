from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.contracts.explanations import Topic
from spark_assets.docs_tables import registry_table
from spark_assets.features import point_in_time
from spark_assets.features.daily_activity import PAGE_COUNTS
from spark_assets.features.point_in_time import CUSTOMER_COLUMNS, features_at
from spark_assets.features.registry import FEATURES, LIFE, MODEL_FEATURES, NEEDS, sum_name
from spark_assets.features.registry.feature import Feature, sources_of
from spark_assets.features.registry.formulas import Greatest
from spark_assets.features.registry.wording import Amount
from tests.spark_assets.features.frames import COUNTED, DAILY, daily_frame, day

DAILY_COLUMNS = {column.split()[0] for column in DAILY.split(", ")}


def test_names_are_unique_and_clash_with_no_other_column() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names)
    assert not set(names) & {*CUSTOMER_COLUMNS, "user_id", "cut_off", "label"}


def test_every_feature_is_documented_and_names_columns_that_exist() -> None:
    for feature in FEATURES:
        assert all([feature.meaning, feature.unit, feature.window, feature.sources]), feature.name
        assert set(feature.sources) <= DAILY_COLUMNS, feature.name


def test_sums_are_over_columns_of_daily_activity() -> None:
    assert {column for need in NEEDS for column in sources_of(need.source)} <= DAILY_COLUMNS
    assert set(PAGE_COUNTS) <= DAILY_COLUMNS


def test_no_id_and_nothing_of_a_cancellation_is_a_feature() -> None:
    for feature in FEATURES:
        assert not {"user_id", "session_id", "cancelled_at", "first_name", "last_name"} & set(feature.sources)


def test_the_model_reads_features_only() -> None:
    assert set(MODEL_FEATURES) <= {feature.name for feature in FEATURES}
    assert MODEL_FEATURES


def test_every_formula_computes_a_double(spark: SparkSession) -> None:
    busy = [day(date(2018, 11, number), **{**dict.fromkeys(COUNTED, 2), "leaving_pages": 0}) for number in (29, 30)]
    frame = features_at(daily_frame(spark, busy), [date(2018, 12, 2)])
    (row,) = frame.collect()
    types = dict(frame.dtypes)
    for feature in FEATURES:
        assert types[feature.name] == "double", feature.name
        assert row[feature.name] is not None, feature.name


def test_a_source_merged_in_another_way_changes_no_other_feature(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merges were keyed by source: the greatest of `songs` turned every sum of songs into a greatest value."""
    daily = daily_frame(spark, [day(date(2018, 11, number), songs=number) for number in (2, 20, 29, 30)])
    (before,) = features_at(daily, [date(2018, 12, 2)]).collect()
    topic, wording = Topic.SONGS, Amount("{n} song{s}")
    more = [
        Feature(f"most_songs_{days}d", "Most songs of a day", "songs", Greatest("songs", days), topic, wording)
        for days in (7, 60)
    ]
    needs = tuple(dict.fromkeys([*NEEDS, *(need for feature in more for need in feature.formula.needs)]))
    monkeypatch.setattr(point_in_time, "FEATURES", (*FEATURES, *more))
    monkeypatch.setattr(point_in_time, "NEEDS", needs)
    monkeypatch.setattr(point_in_time, "_AGES", (*point_in_time._AGES, 60))
    (after,) = features_at(daily, [date(2018, 12, 2)]).collect()
    assert (after["most_songs_7d"], after["most_songs_60d"], after["songs_7d"]) == (30.0, 30.0, 59.0)
    assert {name: after[name] for name in before.asDict()} == before.asDict()


def test_names_of_sums() -> None:
    assert (sum_name("songs", 7), sum_name("songs", LIFE)) == ("songs_7d", "songs_life")


def test_the_page_of_documentation_is_the_registry() -> None:
    page = Path(__file__).parents[3] / "docs" / "features.md"
    assert page.read_text(encoding="utf-8") == registry_table()
