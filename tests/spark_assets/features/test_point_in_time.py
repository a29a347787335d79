"""Features as of a date: exact at the windows' edges, and blind to what comes at or after the cut-off."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from spark_assets.errors import MissingColumnsError
from spark_assets.features.point_in_time import features_at, rolling_cut_offs, seen_within
from spark_assets.features.registry import WINDOWS
from tests.spark_assets.features.frames import DAILY, REGISTERED, Row, at, before, daily_frame, day

CUT_OFF = date(2018, 12, 2)
AS_OF = date(2018, 12, 1)


def features(spark: SparkSession, rows: list[Row], *cut_offs: date) -> list[Row]:
    frame = features_at(daily_frame(spark, rows), cut_offs or [CUT_OFF]).orderBy("cut_off", "user_id")
    return [row.asDict() for row in frame.collect()]


def test_the_classic_four(spark: SparkSession) -> None:
    rows = [
        day(date(2018, 10, 5), songs=10, gender="F"),
        day(date(2018, 10, 6), songs=0, home_visits=3),
        day(AS_OF, songs=5, gender="F"),
    ]
    (row,) = features(spark, rows)
    assert (row["days_listened"], row["songs_per_day"], row["gender"]) == (2.0, 7.5, "F")
    assert row["account_age_days"] == (AS_OF - REGISTERED.date()).days == 62
    assert row["cancelled_on"] is None


def test_the_age_of_an_account_ends_with_its_cancellation(spark: SparkSession) -> None:
    (row,) = features(
        spark, [day(date(2018, 10, 5), songs=1), day(date(2018, 10, 10), cancelled_at=at(date(2018, 10, 10)))]
    )
    assert (row["account_age_days"], row["cancelled_on"]) == (10.0, date(2018, 10, 10))


def test_registration_and_as_of_date_are_utc_dates(spark: SparkSession) -> None:
    late = datetime(2018, 11, 30, 23, 59, 59, tzinfo=REGISTERED.tzinfo)
    (row,) = features(spark, [day(AS_OF, registered_at=late)])
    assert (row["registered_on"], row["account_age_days"]) == (date(2018, 11, 30), 1.0)


def test_a_customer_without_songs_or_registration_has_gaps_not_zeros(spark: SparkSession) -> None:
    (row,) = features(spark, [day(AS_OF, registered_at=None, gender=None, level=None)])
    assert row["days_listened"] == 0.0
    for gap in ("songs_per_day", "account_age_days", "is_female", "is_paid", "adverts_per_song", "songs_trend_7d"):
        assert row[gap] is None, gap


def test_a_window_holds_its_oldest_day_and_not_the_one_before(spark: SparkSession) -> None:
    rows = [day(before(CUT_OFF, window), f"in {window}", songs=3) for window in WINDOWS]
    rows += [day(before(CUT_OFF, window + 1), f"out {window}", songs=3) for window in WINDOWS]
    found = {row["user_id"]: row for row in features(spark, rows)}
    for window in WINDOWS:
        inside, outside = found[f"in {window}"], found[f"out {window}"]
        assert (inside[f"songs_{window}d"], outside[f"songs_{window}d"]) == (3.0, 0.0)
        assert (inside[f"days_listened_{window}d"], outside[f"days_listened_{window}d"]) == (1.0, 0.0)
        assert outside["days_listened"] == 1.0


def test_the_day_before_the_cut_off_counts_and_the_cut_off_does_not(spark: SparkSession) -> None:
    (row,) = features(spark, [day(AS_OF, songs=2), day(CUT_OFF, songs=40), day(CUT_OFF + timedelta(days=3), songs=80)])
    assert (row["songs_7d"], row["days_listened"], row["days_since_last_seen"]) == (2.0, 1.0, 0.0)


def test_a_customer_first_seen_at_the_cut_off_has_no_row(spark: SparkSession) -> None:
    assert features(spark, [day(CUT_OFF, songs=1)]) == []


def test_sums_and_shares_of_one_customer(spark: SparkSession) -> None:
    recent = {"songs": 10, "thumbs_up": 3, "thumbs_down": 1, "adverts": 5, "errors": 2, "sessions": 2}
    old = {"songs": 30, "thumbs_up": 1, "thumbs_down": 1, "adverts": 5, "sessions": 2, "help_visits": 4, "upgrades": 1}
    (row,) = features(spark, [day(before(CUT_OFF, 2), **recent), day(before(CUT_OFF, 10), **old)])
    expected = {
        "songs_trend_7d": (10 - 30) / 40,
        "thumbs_down_share": 2 / 6,
        "thumbs_down_per_song_30d": 2 / 40,
        "adverts_per_song": 10 / 40,
        "adverts_per_song_7d": 5 / 10,
        "adverts_7d": 5,
        "errors_per_session": 2 / 4,
        "songs_per_session": 40 / 4,
        "help_per_session": 4 / 4,
        "upgrades": 1,
        "days_since_last_seen": 1,
        "is_paid": 1,
        "is_female": 1,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_level_and_gender_are_as_last_seen_before_the_cut_off(spark: SparkSession) -> None:
    rows = [day(before(CUT_OFF, 3), level="paid"), day(AS_OF, level="free"), day(CUT_OFF, level="paid")]
    assert features(spark, rows)[0]["level"] == "free"


def test_several_cut_offs_at_once_give_what_each_gives_alone(spark: SparkSession) -> None:
    rows = [day(before(CUT_OFF, days), user, songs=days) for days in (1, 5, 9, 20) for user in ("1", "2")]
    dates = [before(CUT_OFF, days) for days in (0, 8)]
    alone = [row for cut_off in sorted(dates) for row in features(spark, rows, cut_off)]
    assert features(spark, rows, *dates) == alone


def test_missing_columns_are_named(spark: SparkSession) -> None:
    with pytest.raises(MissingColumnsError, match="songs"):
        features_at(daily_frame(spark, []).drop("songs"), [CUT_OFF])


columns = [column.split()[0] for column in DAILY.split(", ") if column.split()[1] == "bigint"]
future_days = st.builds(
    lambda days_after, counts, cancels: {
        "event_date": CUT_OFF + timedelta(days=days_after),
        "last_event_at": at(CUT_OFF + timedelta(days=days_after)),
        "cancelled_at": at(CUT_OFF + timedelta(days=days_after)) if cancels else None,
        **counts,
        "level": "other",
        "gender": "other",
        "registered_at": None,
    },
    st.integers(0, 40),
    st.fixed_dictionaries({name: st.integers(0, 1000) for name in columns}),
    st.booleans(),
)
futures = st.lists(future_days, min_size=1, max_size=4, unique_by=lambda row: row["event_date"])


LIVES = tuple(f"{number:02}" for number in range(20))
PAST = [day(before(CUT_OFF, days), user, songs=days, thumbs_up=1) for user in LIVES for days in (1, 8, 29)]


@pytest.fixture(scope="module")
def known(spark: SparkSession) -> list[Row]:
    return features(spark, PAST)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(futures, min_size=len(LIVES), max_size=len(LIVES)))
def test_nothing_at_or_after_the_cut_off_changes_a_feature(
    spark: SparkSession, known: list[Row], lives: list[list[Row]]
) -> None:
    """Each life is a customer of its own, so that one frame tries many."""
    future = [day(**row, user_id=user) for user, rows in zip(LIVES, lives, strict=True) for row in rows]
    newcomer = day(**lives[0][0], user_id="new")
    assert features(spark, [*PAST, *future, newcomer]) == known


def test_eligible_is_who_was_seen_lately_and_has_not_left(spark: SparkSession) -> None:
    rows = [
        day(before(CUT_OFF, 30), "edge"),
        day(before(CUT_OFF, 31), "gone"),
        day(AS_OF, "left", cancelled_at=at(AS_OF)),
        day(AS_OF, "later"),
        day(CUT_OFF, "later", cancelled_at=at(CUT_OFF)),
    ]
    found = seen_within(features_at(daily_frame(spark, rows), [CUT_OFF]), 30)
    assert sorted(row["user_id"] for row in found.collect()) == ["edge", "later"]


def test_every_count_has_its_windows(spark: SparkSession) -> None:
    (row,) = features(spark, [day(before(CUT_OFF, 5), songs=4, sessions=4, adverts=4)])
    for source in ("songs", "sessions", "adverts"):
        assert [row[f"{source}_{window}d"] for window in WINDOWS] == [0.0, 4.0, 4.0, 4.0]


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (date(2018, 10, 27), []),  # one day short of 14 days of history and 14 of horizon
        (date(2018, 10, 28), [date(2018, 10, 15)]),
        (date(2018, 11, 4), [date(2018, 10, 22), date(2018, 10, 15)]),
        (date(2018, 11, 3), [date(2018, 10, 21)]),
        (date(2018, 10, 1), []),
    ],
)
def test_cut_offs_have_a_whole_history_before_and_a_whole_horizon_after(last_day: date, expected: list[date]) -> None:
    found = rolling_cut_offs(date(2018, 10, 1), last_day, horizon_days=14, every_days=7, history_days=14)
    assert found == expected
