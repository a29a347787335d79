import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import MissingColumnsError, require_columns


def test_all_missing_columns_are_named_with_those_there(spark: SparkSession) -> None:
    frame = spark.range(1).selectExpr("id as a", "id as b")
    require_columns(frame, ["a", "b"])
    with pytest.raises(MissingColumnsError, match=r"\['c', 'd'\].*\['a', 'b'\]"):
        require_columns(frame, ["c", "a", "d"])
