"""One customer's odd values stop no publish: texts are cut, a customer that Postgres cannot hold is set aside."""

import json
import random
import re
from datetime import date

import psycopg2
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.contracts.search_keys import MAX_KEY_BYTES, name_key
from spark_assets.errors import PublishError
from spark_assets.features.point_in_time import features_at
from spark_assets.publishing.customer_rows import customer_rows
from spark_assets.publishing.publish import Published, publish
from spark_assets.publishing.summary import Bands, summarise
from tests.spark_assets.features.frames import daily_frame, day
from tests.spark_assets.features.frames import frame as frame_of
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import FACTS, Row, customer, frame, publish_rows

AS_OF = date(2018, 12, 1)
KEY = "a key of the tests alone"
LETTERS = random.Random(7)  # noqa: S311 - texts that do not compress


def noise(letters: int, first: str = "a", last: str = "z") -> str:
    return "".join(chr(LETTERS.randint(ord(first), ord(last))) for _ in range(letters))


HOSTILE: dict[str, Row] = {
    "long names": {"first_name": noise(3_000), "last_name": noise(3_000)},
    "names that grow as they are keyed": {"last_name": "\ufdfa" * 300},
    "a long name in Chinese": {"last_name": noise(2_000, "\u4e00", "\u9fa5")},
    "a long place": {"location": noise(6_000)},
    "a long region": {"location": f"Town, {noise(6_000)}"},
    "a long level": {"level": noise(6_000)},
    "a long gender": {"gender": noise(6_000)},
    "NUL": {"first_name": "a\0b", "last_name": "\0", "location": "x\0, y", "level": "pa\0id", "gender": "\0"},
    "numbers that are none": {"songs_per_day": float("nan")},
    "numbers without end": {"songs_per_day": float("inf"), "churn_probability": float("-inf")},
}


@pytest.mark.parametrize("values", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_stops_no_publish(spark: SparkSession, database: str, values: Row) -> None:
    rows = [customer("1", **keyed(values)), customer("2")]
    published = publish(database, lambda number: frame(spark, rows, number), lambda of: summarise(of, BANDS), FACTS, 2)
    assert (published.customer_rows, published.set_aside) == (2, [])
    assert [number for (number,) in run_sql(database, "select customer_number from current_customer")] == ["1", "2"]


BANDS = Bands(None, {}, {})


def keyed(values: Row) -> Row:
    names = [values.get(name, "") for name in ("first_name", "last_name")]
    return values | {"name_key": name_key(" ".join(names)), "last_name_key": name_key(names[1])}


def test_a_lake_with_every_hostile_text_is_published_whole(spark: SparkSession, database: str) -> None:
    """From the tables of the lake on, with texts that are no UTF-8 too, and all customers but one published."""
    days = [
        day(AS_OF, "1", first_name=noise(3_000), last_name="\0", location=noise(6_000)),
        day(AS_OF, "n" * 3_000),
        day(AS_OF, "nul\0number"),
        day(AS_OF, "3", last_name="broken"),
        day(AS_OF, "broken4"),
        day(AS_OF, "5", last_name="Ordinary"),
        day(AS_OF, "6", last_name="Ordinary"),
    ]
    broken = F.unhex(F.lit("61EDA08062FF")).cast("string")
    daily = daily_frame(spark, days)
    daily = daily.withColumns({
        "last_name": F.when(F.col("last_name") == "broken", broken).otherwise(F.col("last_name")),
        "user_id": F.when(F.col("user_id") == "broken4", broken).otherwise(F.col("user_id")),
    })  # fmt: skip
    published = published_lake(spark, database, daily)
    assert published.customer_rows == 4
    reasons = sorted(each.reason for each in published.set_aside)
    assert reasons == [
        "its number has 3,000 bytes, and at most 512 can be published",
        "its number holds NUL",
        "its number is not UTF-8",
    ]
    assert all(each.customer.startswith("P") and len(each.customer) == 17 for each in published.set_aside)
    names = dict(run_sql(database, "select customer_number, last_name from current_customer"))
    assert re.fullmatch("a\ufffd+b\ufffd", str(names.pop("3")))
    assert names == {"1": "\ufffd", "5": "Ordinary", "6": "Ordinary"}
    assert run_sql(database, "select summary->'set_aside' from snapshot") == [(3,)]


def published_lake(spark: SparkSession, database: str, daily: DataFrame) -> Published:
    shape = "user_id string, churn_probability double, risk_band string, reasons string, change string, doubts string"
    features, scores = features_at(daily, [date(2018, 12, 2)]), frame_of(spark, [], shape)
    return publish(
        database,
        lambda number: customer_rows(features, daily, scores, number, KEY, as_of=AS_OF, floors={}),
        lambda customers: summarise(customers, BANDS),
        FACTS,
        2,
    )


def test_cut_texts_end_with_an_ellipsis_and_are_counted(spark: SparkSession, database: str) -> None:
    rows = [customer("1", location="é" * 150, first_name="x" * 512), customer("2", location="é" * 100)]
    published = publish_rows(spark, database, rows)
    found = run_sql(database, "select location, first_name from current_customer order by customer_number")
    assert found == [("é" * 98 + "…", "x" * 512), ("é" * 100, "Zoë")]
    assert published.shortened == {"location": 1}


def test_what_lists_filter_by_is_one_line_as_a_person_types_it(spark: SparkSession, database: str) -> None:
    odd = {"location": "\u2003New\t\n York,  NY ", "level": " \r\n", "gender": "\x1f\u00a0x\x7f"}
    publish_rows(spark, database, [customer("1", **odd)])
    assert run_sql(database, "select location, level, gender from current_customer") == [("New York, NY", None, "x")]


def test_a_customer_without_a_value_that_every_customer_has_is_set_aside(spark: SparkSession, database: str) -> None:
    rows = [customer("1"), customer("2"), customer("3", last_seen_at=None, pseudonym="PBBBBBBBBBBBBBBBB")]
    published = publish_rows(spark, database, rows)
    assert published.customer_rows == 2
    (aside,) = published.set_aside
    assert (aside.customer, aside.reason) == ("PBBBBBBBBBBBBBBBB", "it has no last_seen_at, or one out of range")


def test_when_most_customers_cannot_be_published_nothing_is(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    rows = [customer("2"), customer("3", last_seen_at=None), customer("4", last_seen_at=None)]
    with pytest.raises(PublishError, match=r"2 of 3 customers cannot be published.*last_seen_at"):
        publish_rows(spark, database, rows)
    assert run_sql(database, "select customer_number from current_customer") == [("1",)]


def test_figures_that_are_no_json_are_published_as_null(spark: SparkSession, database: str) -> None:
    odd = {"median_days_listened": float("nan"), "genders": {"\ud800\0": 1}}

    def with_odd(customers: DataFrame) -> object:
        return summarise(customers, BANDS) | odd

    publish(database, lambda number: frame(spark, [customer("1")], number), with_odd, FACTS, 2)  # type: ignore[arg-type]
    ((summary,),) = run_sql(database, "select summary from snapshot")
    assert summary["median_days_listened"] is None  # type: ignore[index, call-overload]
    assert list(summary["genders"].values()) == [1]  # type: ignore[index, call-overload]
    json.dumps(summary, allow_nan=False)


def test_the_contracts_bytes_fit_every_index(database: str) -> None:
    """The widest entry that the contract lets into each index is one that btree takes."""
    widest = {
        c.name: "�" * (c.max_bytes // 3) + "x" * (c.max_bytes % 3) for c in CUSTOMER_SNAPSHOT.columns if c.max_bytes
    }
    run_sql(database, "create table customer_snapshot_s1 partition of customer_snapshot for values in (1)")
    noisy = {name: noise(len(text), "\u4e00", "\u9fa5")[: len(text)] for name, text in widest.items()}
    row = {**customer("1"), **noisy, "snapshot_id": 1, "risen_from": "low"}
    row["location"] = ", " + str(row["location"])[1:]
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        columns = ", ".join(row)
        cursor.execute(
            f"insert into customer_snapshot ({columns}) values ({', '.join(['%s'] * len(row))})",  # noqa: S608
            list(row.values()),
        )


def test_name_keys_are_cut_the_same_for_publisher_and_search() -> None:
    key = name_key("\ufdfa" * 300)
    assert key is not None
    assert MAX_KEY_BYTES - 4 < len(key.encode()) <= MAX_KEY_BYTES
    assert name_key("Ö" * 5_000) == "o" * MAX_KEY_BYTES
    assert name_key("a " * 5_000) == ("a " * MAX_KEY_BYTES)[:MAX_KEY_BYTES].strip()
