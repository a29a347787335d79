import json
from datetime import date, timedelta

from pyspark.sql import SparkSession

from spark_assets.contracts.explanations import ACTIVITY_DAYS, MOST_MOMENTS
from spark_assets.publishing.customer_rows import days_of
from tests.spark_assets.features.frames import at, daily_frame, day

AS_OF = date(2018, 12, 1)


def test_songs_by_day_and_moments(spark: SparkSession) -> None:
    early = AS_OF - timedelta(days=ACTIVITY_DAYS)
    daily = daily_frame(
        spark,
        [
            day(AS_OF, "1", songs=9, errors=2, help_visits=1),
            day(AS_OF - timedelta(days=2), "1", songs=4),
            day(early + timedelta(days=1), "1", songs=3),
            day(early, "1", songs=77, upgrades=1),
            day(AS_OF, "2", songs=0),
            day(AS_OF - timedelta(days=1), "3", songs=1, cancelled_at=at(AS_OF - timedelta(days=1))),
            day(AS_OF + timedelta(days=1), "3", songs=5, downgrades=1),
        ],
    )
    rows = {row["user_id"]: row for row in days_of(daily, AS_OF).collect()}
    activity = json.loads(rows["1"]["activity"])
    assert (len(activity), activity[0], activity[-3:]) == (ACTIVITY_DAYS, 3, [4, 0, 9])
    assert sum(activity) == 16
    assert json.loads(rows["1"]["moments"]) == [
        {"d": "2018-12-01", "k": "help", "n": 1},
        {"d": "2018-12-01", "k": "error", "n": 2},
        {"d": early.isoformat(), "k": "upgrade", "n": 1},
    ]
    assert (sum(json.loads(rows["2"]["activity"])), rows["2"]["moments"]) == (0, None)
    assert json.loads(rows["3"]["moments"]) == [{"d": "2018-11-30", "k": "cancel", "n": 1}]


def test_only_the_newest_moments_are_kept(spark: SparkSession) -> None:
    many = [day(AS_OF - timedelta(days=ago), "1", errors=1) for ago in range(MOST_MOMENTS + 5)]
    (row,) = days_of(daily_frame(spark, many), AS_OF).collect()
    told = json.loads(row["moments"])
    assert len(told) == MOST_MOMENTS
    assert (told[0]["d"], told[-1]["d"]) == ("2018-12-01", (AS_OF - timedelta(days=MOST_MOMENTS - 1)).isoformat())


def test_a_cancellation_is_kept_before_newer_moments(spark: SparkSession) -> None:
    left = AS_OF - timedelta(days=MOST_MOMENTS + 20)
    many = [day(AS_OF - timedelta(days=ago), "1", errors=1) for ago in range(MOST_MOMENTS + 5)]
    (row,) = days_of(daily_frame(spark, [*many, day(left, "1", cancelled_at=at(left))]), AS_OF).collect()
    told = json.loads(row["moments"])
    assert len(told) == MOST_MOMENTS
    assert told[-1] == {"d": left.isoformat(), "k": "cancel", "n": 1}
    assert [each["d"] for each in told] == sorted((each["d"] for each in told), reverse=True)
