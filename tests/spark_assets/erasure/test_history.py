"""A customer on the do-not-load list, and the tables of past days."""

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from spark_assets.columns import PAST_FEATURES, PAST_SCORES
from spark_assets.erasure.do_not_load import DoNotLoad, with_numbers
from spark_assets.erasure.history import forget_history
from spark_assets.lake import as_of_folder, read_table, replace_table, table_info

DAYS = (date(2018, 11, 29), date(2018, 11, 30))


def _numbers(spark: SparkSession, lake: str, name: str) -> list[str]:
    return sorted(row["user_id"] for row in read_table(spark, lake, name).collect())


def test_only_tables_that_hold_the_customer_are_written_anew(spark: SparkSession, tmp_path: Path) -> None:
    lake = str(tmp_path)
    names = [as_of_folder(table, day) for table in (PAST_FEATURES, PAST_SCORES) for day in DAYS]
    for name, held in zip(names, (["7", "8"], ["8"], ["7", "8", "9"], ["8"]), strict=True):
        replace_table(
            spark.createDataFrame([(one, 0.5) for one in held], "user_id string, x double"), lake, name, {"k": 1}
        )
    before = {name: table_info(lake, name) for name in names}
    assert forget_history(spark, lake, with_numbers(DoNotLoad("salt"), ["7"])) == [names[0], names[2]]
    assert [_numbers(spark, lake, name) for name in names] == [["8"], ["8"], ["8", "9"], ["8"]]
    assert [table_info(lake, name) == before[name] for name in names] == [False, True, False, True]
    assert all(table_info(lake, name)["k"] == 1 for name in names)


def test_a_lake_without_past_days_is_fine(spark: SparkSession, tmp_path: Path) -> None:
    assert forget_history(spark, str(tmp_path), with_numbers(DoNotLoad("salt"), ["7"])) == []
