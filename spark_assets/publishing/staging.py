"""The contract in Spark's types."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psycopg2
import pyarrow as pa
import pyarrow.csv as pa_csv
from psycopg2 import sql
from pyspark import TaskContext
from pyspark.sql import DataFrame, Row
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
from spark_assets.errors import PostgresAwayError, require_columns
from spark_assets.publishing.postgres import connect, describe

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


STAGE_MARK = "_stage_"
_MOST_WRITERS = 8
"""Connections at once: a small managed Postgres allows few, and more do not copy faster."""


@dataclass(frozen=True)
class Stage:
    """A staging table that one successful task attempt filled, and its rows."""

    table: str
    rows: int


def copy_to_stages(frame: DataFrame, url: str, like: str, snapshot_id: int) -> list[Stage]:
    """Copy a frame into staging tables shaped as `like`; returns those of the attempts that count.

    A task that dies after its commit and runs again leaves a second table behind, not second rows: only the tables
    named here are read, the others are dropped with the stages.

    Raises:
        PostgresAwayError: the server ended a task's connection, or could not be reached from a task.
    """
    narrow = frame.coalesce(_MOST_WRITERS)
    copied = narrow.mapInArrow(_copier(url, like, snapshot_id), "stage string, row_count bigint")
    return [Stage(row["stage"], row["row_count"]) for row in _collect(copied, url)]


def _collect(copied: DataFrame, url: str) -> list[Row]:
    try:
        return copied.collect()
    except Exception as error:
        # A task's error comes back as the text of Spark's: the class is known by its name alone.
        if PostgresAwayError.__name__ in str(error):
            raise PostgresAwayError(f"Postgres at {describe(url)} was away while rows were copied to it.") from None
        raise


def _copier(url: str, like: str, snapshot_id: int) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    def copy(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        context = TaskContext.get()
        attempt = context.taskAttemptId() if context else 0
        stage = f"{like}{STAGE_MARK}{snapshot_id}_{attempt}"
        rows = 0
        with connect(url, "encore-publish-task") as connection:
            connection.autocommit = False
            with connection.cursor() as cursor:
                _create(cursor, stage, like)
                for batch in batches:
                    rows += _copy_batch(cursor, stage, batch)
            connection.commit()
        yield pa.RecordBatch.from_pydict({"stage": [stage], "row_count": [rows]})

    return copy


def _create(cursor: psycopg2.extensions.cursor, stage: str, like: str) -> None:
    # Unlogged: a stage lives for seconds, and a crash of the server rightly empties it.
    statement = "CREATE UNLOGGED TABLE {} (LIKE {} INCLUDING DEFAULTS)"
    cursor.execute(sql.SQL(statement).format(sql.Identifier(stage), sql.Identifier(like)))


def _copy_batch(cursor: psycopg2.extensions.cursor, stage: str, batch: pa.RecordBatch) -> int:
    """Copy one batch as CSV; Arrow quotes every text, so an empty text and a null stay apart."""
    buffer = io.BytesIO()
    pa_csv.write_csv(batch, buffer, pa_csv.WriteOptions(include_header=False))
    buffer.seek(0)
    columns = sql.SQL(", ").join(map(sql.Identifier, batch.schema.names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(stage), columns)
    cursor.copy_expert(statement, buffer)
    return int(batch.num_rows)
