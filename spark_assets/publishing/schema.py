"""The contract in Spark's types."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name
from pyspark.sql.types import (
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from spark_assets.contracts import ColumnType, Table
from spark_assets.validation import require_columns

SPARK_TYPES: dict[ColumnType, DataType] = {
    ColumnType.BIGINT: LongType(),
    ColumnType.INTEGER: IntegerType(),
    ColumnType.DOUBLE: DoubleType(),
    ColumnType.TEXT: StringType(),
    ColumnType.DATE: DateType(),
    ColumnType.TIMESTAMP: TimestampType(),
    ColumnType.JSON: StringType(),
}


def spark_schema(table: Table) -> StructType:
    """Schema of a frame that can be published as `table`."""
    return StructType([StructField(column.name, SPARK_TYPES[column.type], column.nullable) for column in table.columns])


def select_contract(frame: DataFrame, table: Table) -> DataFrame:
    """The columns of the contract, in its order and types; a value out of its type's range becomes null."""
    require_columns(frame, table.column_names)
    typed = {column.name: F.col(column.name).try_cast(SPARK_TYPES[column.type]) for column in table.columns}
    return frame.select(*(value.alias(name) for name, value in typed.items()))
