"""Whoever cancels and comes back is a customer again; each membership stands by itself, and no event is forgotten."""

from datetime import date, timedelta

import pytest
from pyspark.sql import SparkSession

from spark_assets.features.daily_activity import daily_activity
from spark_assets.features.point_in_time import features_at, seen_within, with_label
from spark_assets.features.registry import FEATURES
from tests.spark_assets.features.frames import Row, at, before, daily_frame, day, event, events_frame

CUT_OFF = date(2018, 12, 2)
HORIZON = 14
BACK, LEFT, LEFT_BEFORE = before(CUT_OFF, 9), before(CUT_OFF, 20), before(CUT_OFF, 50)


def life(user: str, *days: date, **changes: object) -> list[Row]:
    return [day(each, user, songs=5, thumbs_down=1, adverts=2, events=9, **changes) for each in days]


def cancels(user: str, on: date) -> Row:
    return day(on, user, songs=1, events=3, leaving_pages=2, cancelled_at=at(on))


def as_of(spark: SparkSession, rows: list[Row], *cut_offs: date) -> dict[tuple[str, date], Row]:
    found = features_at(daily_frame(spark, rows), cut_offs or [CUT_OFF]).collect()
    return {(row["user_id"], row["cut_off"]): row.asDict() for row in found}


def test_coming_back_makes_active_and_the_latest_cancellation_counts(spark: SparkSession) -> None:
    rows = [
        *life("back", before(CUT_OFF, 30), BACK),
        cancels("back", LEFT),
        *life("left twice", before(CUT_OFF, 60), before(CUT_OFF, 30)),
        cancels("left twice", LEFT_BEFORE),
        cancels("left twice", LEFT),
        *life("left", before(CUT_OFF, 30)),
        cancels("left", LEFT),
        # an evening on the day of the cancellation
        day(
            LEFT, "same day", songs=2, events=4, leaving_pages=1, cancelled_at=at(LEFT, 10), last_event_at=at(LEFT, 18)
        ),
    ]
    found = {user: row["cancelled_on"] for (user, _), row in as_of(spark, rows).items()}
    assert found == {"back": None, "left twice": LEFT, "left": LEFT, "same day": None}


def test_features_are_of_the_membership_under_way_and_first_seen_is_of_all(spark: SparkSession) -> None:
    """Equal to the bit to those of somebody who begins on the day that the other comes back."""
    earlier = [*life("back", before(CUT_OFF, 60), before(CUT_OFF, 30)), cancels("back", LEFT)]
    days = (BACK, before(CUT_OFF, 4))
    found = as_of(spark, [*earlier, *life("back", *days), *life("new", *days)])
    back, new = found["back", CUT_OFF], found["new", CUT_OFF]
    assert {feature.name: back[feature.name] for feature in FEATURES} == {
        feature.name: new[feature.name] for feature in FEATURES
    }
    assert back["days_known"] == 8
    assert (back["first_seen_on"], new["first_seen_on"]) == (before(CUT_OFF, 60), BACK)


@pytest.mark.parametrize("cut_off", [before(CUT_OFF, 25), LEFT + timedelta(days=3), BACK])
def test_what_comes_later_changes_nothing_at_an_earlier_cut_off(spark: SparkSession, cut_off: date) -> None:
    earlier = [*life("1", before(CUT_OFF, 60), before(CUT_OFF, 30)), cancels("1", LEFT)]
    known = [row for row in earlier if row["event_date"] < cut_off]
    later = [*earlier, *life("1", BACK, before(CUT_OFF, 4)), cancels("1", before(CUT_OFF, 2))]
    assert as_of(spark, later, cut_off) == as_of(spark, known, cut_off)


def test_training_has_an_example_and_a_label_of_each_membership(spark: SparkSession) -> None:
    leaves_again = before(CUT_OFF, 2)
    rows = [*life("1", before(CUT_OFF, 60), before(CUT_OFF, 30)), cancels("1", LEFT), *life("1", BACK)]
    daily = daily_frame(spark, [*rows, cancels("1", leaves_again)])
    cut_offs = [before(CUT_OFF, days) for days in (45, 29, 15, 5, 0)]
    labelled = with_label(seen_within(features_at(daily, cut_offs), 30), daily, HORIZON)
    found = {(CUT_OFF - row["cut_off"]).days: (row["label"], row["days_known"]) for row in labelled.collect()}
    # 45 days before the first life does not end within the horizon; 15 days before there is no member
    assert found == {45: (0.0, 14.0), 29: (1.0, 30.0), 5: (1.0, 3.0)}


def test_of_two_cancellations_on_a_day_the_last_is_kept(spark: SparkSession) -> None:
    leaving = "Cancellation Confirmation"
    rows = [event(at(LEFT, 9), leaving), event(at(LEFT, 11)), event(at(LEFT, 20), leaving)]
    daily = daily_activity(events_frame(spark, rows))
    (row,) = features_at(daily, [CUT_OFF]).collect()
    assert row["cancelled_on"] == LEFT
