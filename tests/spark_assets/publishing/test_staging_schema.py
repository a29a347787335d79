import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, TimestampType

from spark_assets.contracts import CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT, SNAPSHOT, ColumnType
from spark_assets.errors import MissingColumnsError
from spark_assets.publishing.staging import SPARK_TYPES, select_contract, spark_schema
from tests.spark_assets.publishing.snapshots import customer, frame


@pytest.mark.parametrize("table", [SNAPSHOT, CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT], ids=lambda table: table.name)
def test_the_spark_schema_is_the_contract(table: object) -> None:
    assert table in (SNAPSHOT, CURRENT_SNAPSHOT, CUSTOMER_SNAPSHOT)
    fields = spark_schema(table).fields  # type: ignore[arg-type]
    assert [(field.name, field.nullable) for field in fields] == [
        (column.name, column.nullable)
        for column in table.columns  # type: ignore[attr-defined]
    ]


def test_every_type_of_the_contract_has_one_of_spark() -> None:
    assert set(SPARK_TYPES) == set(ColumnType)
    assert SPARK_TYPES[ColumnType.TIMESTAMP] == TimestampType()
    assert SPARK_TYPES[ColumnType.JSON] == StringType()


def test_columns_are_put_in_order_and_type_and_others_left_out(spark: SparkSession) -> None:
    good = frame(spark, [customer("1", days_listened=20)])
    shuffled = good.select(*reversed(good.columns)).withColumns({"days_listened": good.days_listened.cast("double")})
    chosen = select_contract(shuffled.selectExpr("*", "1 as extra"), CUSTOMER_SNAPSHOT)
    assert [(field.name, field.dataType) for field in chosen.schema] == [
        (field.name, field.dataType) for field in spark_schema(CUSTOMER_SNAPSHOT)
    ]
    assert chosen.collect() == good.collect()


def test_a_column_that_lacks_is_named(spark: SparkSession) -> None:
    with pytest.raises(MissingColumnsError, match="churn_probability"):
        select_contract(frame(spark, [customer("1")]).drop("churn_probability"), CUSTOMER_SNAPSHOT)
