"""Steps that only look: the facts that asset checks judge. Rows are counted anew, not taken from notes."""

from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from spark_assets import storage
from spark_assets.columns import CLEANED_EVENTS, CUT_OFF, EVENT_DATE, QUARANTINED_EVENTS, USER_FEATURES, USER_ID
from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.ingest.files import open_parquet
from spark_assets.ingest.ledger import Ledger, batch_folder
from spark_assets.ingest.schema import EVENT_SCHEMA, QUARANTINE_SCHEMA
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.lake import read_daily_activity, read_table
from spark_assets.publishing.database import connect, publisher_url
from spark_assets.transforms.features import CUSTOMER_COLUMNS
from spark_assets.transforms.registry import FEATURES


def events(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows in `cleaned_events` and `quarantined_events` beside the ledger's counts, and columns missing."""
    ledger = Ledger.load(params.lake)
    rows, missing = _held(spark, storage.join(params.lake, CLEANED_EVENTS), ledger, EVENT_SCHEMA)
    bad, missing_there = _held(spark, storage.join(params.lake, QUARANTINED_EVENTS), ledger, QUARANTINE_SCHEMA)
    facts = {"quarantined_rows": bad, "missing_columns": missing + missing_there, "ledger": ledger.totals()}
    return StepResult(rows, facts | _newest_batch(ledger, params.max_quarantine_percent))


def _held(spark: SparkSession, table: str, ledger: Ledger, schema: pa.Schema) -> tuple[int, list[str]]:
    """Rows in the files of a table's batches, and the columns that one of them lacks, by their footers."""
    known = {batch_folder(number) for number in ledger.batch_numbers}
    files = [storage.join(table, name) for name, _ in storage.list_files(table) if name.split("/", 1)[0] in known]
    if not files:
        return 0, []
    tasks = spark.sparkContext.parallelize(files, min(len(files), 4 * spark.sparkContext.defaultParallelism))
    footers = tasks.map(_footer).collect()
    missing = [name for name in schema.names if any(name not in names for _, names in footers)]
    return sum(rows for rows, _ in footers), missing


def _footer(uri: str) -> tuple[int, list[str]]:
    with open_parquet(uri) as file:
        return file.metadata.num_rows, file.schema_arrow.names


def _newest_batch(ledger: Ledger, limit: int) -> dict[str, Any]:
    """Percent of the newest batch's lines in quarantine, the limit, and the files and reasons that brought the most."""
    newest = Ledger(ledger.batches[-1:])
    totals = newest.totals()
    percent = 100 * totals["quarantined"] / totals["read"] if totals["read"] else 0.0
    files = newest.latest_by_name().values()
    worst = [
        {"file": file["name"], "reason": reason, "lines": lines}
        for file in files
        for reason, lines in file["quarantined"].items()
    ]
    worst.sort(key=lambda row: -int(str(row["lines"])))
    return {"quarantined_percent": round(percent, 3), "limit_percent": limit, "worst": worst[:10]}


def daily_activity(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows and distinct (customer, day) of `daily_activity`."""
    table = read_daily_activity(spark, params.lake)
    return keys(table, USER_ID, EVENT_DATE)


def user_features(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows and distinct customers of `user_features`, and columns missing."""
    table = read_table(spark, params.lake, USER_FEATURES)
    wanted = (USER_ID, CUT_OFF, *CUSTOMER_COLUMNS, *(feature.name for feature in FEATURES))
    missing = [name for name in wanted if name not in table.columns]
    result = keys(table, USER_ID)
    return StepResult(result.rows, {**result.facts, "missing_columns": missing})


def portal_snapshot(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows and distinct customers of the current snapshot in Postgres, beside the customers of `user_features`."""
    wanted = read_table(spark, params.lake, USER_FEATURES).count()
    with connect(publisher_url()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT customer_number) FROM current_customer")
        rows, customers = cursor.fetchall()[0]
        cursor.execute("SELECT * FROM current_customer LIMIT 0")
        columns = [column.name for column in cursor.description or ()]
    missing = [name for name in CUSTOMER_SNAPSHOT.column_names if name not in columns]
    return StepResult(rows, {"distinct": customers, "customers": wanted, "missing_columns": missing})


def keys(table: DataFrame, *key: str) -> StepResult:
    """Rows, and distinct keys among them."""
    return StepResult(table.count(), {"distinct": table.select(*key).distinct().count()})
