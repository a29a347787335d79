from datetime import date, timedelta

from pyspark.sql import SparkSession

from spark_assets.features.point_in_time import features_at, with_label
from tests.spark_assets.features.frames import at, before, daily_frame, day

CUT_OFF = date(2018, 12, 2)
HORIZON = 14


CANCELLATIONS = {
    "never": (None, 0.0),
    "day 0": (at(CUT_OFF, 0), 1.0),
    "day 1": (at(CUT_OFF + timedelta(days=1)), 1.0),
    "last day": (at(CUT_OFF + timedelta(days=HORIZON - 1), 23, 59), 1.0),
    "after the horizon": (at(CUT_OFF + timedelta(days=HORIZON), 0), 0.0),
    "before the cut-off": (at(before(CUT_OFF, 1), 23, 59), 0.0),
}


def test_the_label_is_a_cancellation_within_the_horizon(spark: SparkSession) -> None:
    rows = [day(before(CUT_OFF, 5), user, songs=1) for user in CANCELLATIONS]
    rows += [day(time.date(), user, cancelled_at=time) for user, (time, _) in CANCELLATIONS.items() if time]
    daily = daily_frame(spark, rows)
    features = features_at(daily, [CUT_OFF])
    labelled = with_label(features, daily, HORIZON)
    assert {row["user_id"]: row["label"] for row in labelled.collect()} == {
        user: label for user, (_, label) in CANCELLATIONS.items()
    }
    assert sorted(labelled.columns) == sorted([*features.columns, "label"])


def test_each_cut_off_has_its_own_label(spark: SparkSession) -> None:
    leaves = before(CUT_OFF, 3)
    daily = daily_frame(spark, [day(before(CUT_OFF, 40), songs=1), day(leaves, cancelled_at=at(leaves))])
    cut_offs = [leaves, before(leaves, 13), before(leaves, 14)]
    labels = with_label(features_at(daily, cut_offs), daily, HORIZON).orderBy("cut_off").collect()
    assert [row["label"] for row in labels] == [0.0, 1.0, 1.0]
