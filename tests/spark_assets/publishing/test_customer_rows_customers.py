from datetime import date

from pyspark.sql import DataFrame, SparkSession

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.features.point_in_time import features_at
from spark_assets.publishing.customer_rows import customer_rows, latest_names, pseudonym
from spark_assets.publishing.staging import spark_schema
from tests.spark_assets.features.frames import daily_frame, day, frame

KEY = "a key of the tests alone"
AS_OF, CUT_OFF = date(2018, 12, 1), date(2018, 12, 2)
FLOORS = {"high": 0.2, "medium": 0.1}


def scores(spark: SparkSession, rows: list[dict[str, object]]) -> DataFrame:
    return frame(
        spark,
        rows,
        "user_id string, churn_probability double, risk_band string, reasons string, change string, doubts string",
    )


def test_a_row_for_every_customer_with_or_without_a_score(spark: SparkSession) -> None:
    daily = daily_frame(
        spark,
        [
            day(date(2018, 11, 30), "1", songs=4, first_name="Old", location="A"),
            day(AS_OF, "1", songs=8, first_name="New", location=None),
            day(AS_OF, "007", first_name=None, last_name=None),
        ],
    )
    rows = customer_rows(
        features_at(daily, [CUT_OFF]),
        daily,
        scores(spark, [{"user_id": "1", "churn_probability": 0.25, "risk_band": "high", "reasons": "[]"}]),
        41,
        KEY,
        as_of=AS_OF,
        floors=FLOORS,
    )
    assert [field.dataType for field in rows.schema] == [field.dataType for field in spark_schema(CUSTOMER_SNAPSHOT)]
    by_number = {row["customer_number"]: row.asDict() for row in rows.collect()}
    assert set(by_number) == {"1", "007"}
    expected = {
        "snapshot_id": 41,
        "first_name": "New",
        "location": None,
        "days_listened": 2,
        "songs_per_day": 6.0,
        "songs_7d": 12,
        "account_age_days": 62,
        "registered_on": date(2018, 9, 30),
        "churn_probability": 0.25,
        "risk_band": "high",
        "reasons": "[]",
        "change": None,
        "pseudonym": pseudonym("1", KEY),
        "name_key": "new keating",
        "last_name_key": "keating",
        "risen_from": None,
        "moments": None,
    }
    assert {name: by_number["1"][name] for name in expected} == expected
    unscored = by_number["007"]
    nothing = ("churn_probability", "risk_band", "songs_per_day", "reasons", "change", "doubts")
    assert [unscored[name] for name in nothing] == [None] * len(nothing)
    assert (unscored["first_name"], unscored["days_listened"]) == (None, 0)


def test_names_are_those_of_the_last_event(spark: SparkSession) -> None:
    daily = daily_frame(
        spark, [day(AS_OF, last_name="Married"), day(date(2018, 10, 1), last_name="Zzz"), day(AS_OF, "2")]
    )
    names = {row["user_id"]: row["last_name"] for row in latest_names(daily).collect()}
    assert names == {"1": "Married", "2": "Keating"}


def test_who_rose_and_from_where(spark: SparkSession) -> None:
    cases = {
        "1": (0.25, "high", 0.05, "low"),
        "2": (0.25, "high", 0.15, "medium"),
        "3": (0.25, "high", 0.22, None),
        "4": (0.15, "medium", 0.05, "low"),
        "5": (0.15, "medium", 0.3, None),
        "6": (0.25, "high", None, None),
    }
    scored = [
        {
            "user_id": number,
            "churn_probability": now,
            "risk_band": band,
            "reasons": "[]",
            "change": None if then is None else f'{{"p":{then},"m":[]}}',
        }
        for number, (now, band, then, _) in cases.items()
    ]
    daily = daily_frame(spark, [day(AS_OF, number) for number in cases])
    rows = customer_rows(
        features_at(daily, [CUT_OFF]), daily, scores(spark, scored), 1, KEY, as_of=AS_OF, floors=FLOORS
    )
    found = {row["customer_number"]: row for row in rows.collect()}
    assert {number: row["risen_from"] for number, row in found.items()} == {n: case[3] for n, case in cases.items()}
    draws = {row["hold_out_draw"] for row in found.values()}
    assert len(draws) == len(cases)
    assert all(0 <= draw < 10_000 for draw in draws)
