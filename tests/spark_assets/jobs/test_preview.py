import json
from datetime import UTC, date, datetime

from pyspark.sql import SparkSession

from spark_assets.ingest.schema import EVENT_SCHEMA, QUARANTINE_SCHEMA
from spark_assets.jobs.preview import PERSONAL_COLUMNS, preview
from tests.spark_assets.transforms.frames import daily_frame, day, frame


def test_personal_data_is_left_out(spark: SparkSession) -> None:
    rows = [day(date(2018, 12, 1), first_name="Micah", last_name="Long", location="Bozeman, MT")]
    (row,) = preview(daily_frame(spark, rows))
    assert not {"first_name", "last_name", "location"} & set(row)
    assert "Micah" not in json.dumps(row)
    assert row["user_id"] == "1"


def test_every_column_that_could_say_who_somebody_is_is_known() -> None:
    columns = {*EVENT_SCHEMA.names, *QUARANTINE_SCHEMA.names}
    personal = {name for name in columns if any(part in name for part in ("name", "location", "agent", "raw"))}
    assert personal <= PERSONAL_COLUMNS | {"file_name"}


def test_values_are_plain_and_short(spark: SparkSession) -> None:
    rows = [{"on": date(2018, 12, 1), "at": datetime(2018, 12, 1, 12, tzinfo=UTC), "share": 1 / 3, "gap": None}] * 9
    shown = preview(frame(spark, rows, "on date, at timestamp, share double, gap string"))
    assert len(shown) == 5
    assert shown[0]["on"] == "2018-12-01"
    assert (shown[0]["share"], shown[0]["gap"]) == (0.3333, None)
    assert isinstance(shown[0]["at"], str)
    json.dumps(shown)
