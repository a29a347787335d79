import random
from datetime import date

import pytest
from chispa import assert_df_equality
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import MissingColumnsError
from spark_assets.features.daily_activity import PAGE_COUNTS, daily_activity
from tests.spark_assets.features.frames import Row, at, event, events_frame

DAY, NEXT_DAY = date(2018, 11, 30), date(2018, 12, 1)


def sums(spark: SparkSession, rows: list[Row]) -> list[Row]:
    frame = daily_activity(events_frame(spark, rows)).orderBy("user_id", "event_date")
    return [row.asDict() for row in frame.collect()]


def test_every_page_is_counted_in_its_own_column(spark: SparkSession) -> None:
    pages = [page for number, page in enumerate(PAGE_COUNTS.values(), start=1) for _ in range(number)]
    (row,) = sums(spark, [event(at(DAY, minute=number % 60), page) for number, page in enumerate(pages)])
    assert {name: row[name] for name in PAGE_COUNTS} == {name: count for count, name in enumerate(PAGE_COUNTS, start=1)}
    assert row["events"] == len(pages)


def test_pages_that_nobody_counts_are_events_still(spark: SparkSession) -> None:
    (row,) = sums(spark, [event(at(DAY), "Login"), event(at(DAY), "Cancel")])
    assert (row["events"], row["other_pages"], row["leaving_pages"]) == (2, 1, 1)
    assert sum(row[name] for name in PAGE_COUNTS) == 0
    assert row["cancelled_at"] is None


def test_listening_is_that_of_songs_and_zero_without_one(spark: SparkSession) -> None:
    songs = [event(at(DAY, 1), length=100.5), event(at(DAY, 2), length=None), event(at(DAY, 3), "Home", length=9.0)]
    rows = sums(spark, [*songs, event(at(NEXT_DAY), "Home")])
    assert [row["listening_micros"] for row in rows] == [100_500_000, 0]


def test_sessions_are_distinct_ids_that_day(spark: SparkSession) -> None:
    ids = [1, 1, 2, None]
    first = [event(at(DAY, hour), session_id=number) for hour, number in enumerate(ids)]
    rows = sums(spark, [*first, event(at(NEXT_DAY), session_id=2), event(at(NEXT_DAY), session_id=None)])
    assert [row["sessions"] for row in rows] == [2, 1]


def test_a_row_for_each_customer_and_day(spark: SparkSession) -> None:
    times = [at(DAY), at(DAY, 23, 59), at(NEXT_DAY, 0)]
    rows = sums(spark, [event(time, user_id=user) for time in times for user in ("1", "2")])
    keys = [(row["user_id"], row["event_date"], row["songs"]) for row in rows]
    assert keys == [("1", DAY, 2), ("1", NEXT_DAY, 1), ("2", DAY, 2), ("2", NEXT_DAY, 1)]


def test_first_and_last_event_and_the_last_cancellation(spark: SparkSession) -> None:
    leaving = "Cancellation Confirmation"
    rows = [event(at(DAY, 9)), event(at(DAY, 20), leaving), event(at(DAY, 18), leaving)]
    times = daily_activity(events_frame(spark, rows)).select(
        *(F.col(name).cast("string") for name in ("first_event_at", "last_event_at", "cancelled_at"))
    )
    assert tuple(times.collect()[0]) == ("2018-11-30 09:00:00", "2018-11-30 20:00:00", "2018-11-30 20:00:00")


def test_the_profile_is_that_of_the_last_event(spark: SparkSession) -> None:
    (row,) = sums(spark, [event(at(DAY, 9), level="paid", location="A"), event(at(DAY, 8), level="free", location="Z")])
    assert (row["level"], row["location"]) == ("paid", "A")


def test_of_events_at_one_time_the_last_item_of_the_session_tells_the_profile(spark: SparkSession) -> None:
    rows = [
        event(at(DAY), item_in_session=item, level=level) for item, level in ((9, "free"), (10, "aaa"), (2, "paid"))
    ]
    assert sums(spark, rows)[0]["level"] == "aaa"


def test_the_order_of_the_input_does_not_matter(spark: SparkSession) -> None:
    dice = random.Random(5)  # noqa: S311 - sample data
    pages = [*PAGE_COUNTS.values(), "Cancellation Confirmation"]
    rows = [
        event(
            at(dice.choice((DAY, NEXT_DAY)), dice.randrange(3)),  # many at one time
            dice.choice(pages),
            user_id=dice.choice("12"),
            session_id=dice.randrange(4),
            item_in_session=dice.randrange(3),
            level=dice.choice(("free", "paid", None)),
            length=dice.choice((1.5, 2.25)),
        )
        for _ in range(200)
    ]
    expected = daily_activity(events_frame(spark, rows))
    for _ in range(2):
        dice.shuffle(rows)
        shuffled = daily_activity(events_frame(spark, rows).repartition(3))
        assert_df_equality(shuffled, expected, ignore_row_order=True)


def test_missing_columns_are_named(spark: SparkSession) -> None:
    with pytest.raises(MissingColumnsError, match=r"\['length', 'gender'\]"):
        daily_activity(events_frame(spark, [event(at(DAY))]).drop("length", "gender"))
