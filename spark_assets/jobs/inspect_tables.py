"""Steps that only look: the facts that asset checks judge. Rows are counted anew, not taken from notes."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession

from spark_assets import storage
from spark_assets.columns import CUT_OFF, EVENT_DATE, QUARANTINED_EVENTS, USER_FEATURES, USER_ID
from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.errors import MissingTableError
from spark_assets.ingest.ledger import Ledger, batch_folder
from spark_assets.ingest.schema import EVENT_SCHEMA, QUARANTINE_SCHEMA
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.lake import read_daily_activity, read_events, read_table
from spark_assets.publishing.database import connect, publisher_url
from spark_assets.transforms.features import CUSTOMER_COLUMNS
from spark_assets.transforms.registry import FEATURES


def events(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows in `cleaned_events` and `quarantined_events` beside the ledger's counts, and columns missing."""
    ledger = Ledger.load(params.lake)
    quarantined = _quarantine(spark, params.lake, ledger)
    try:
        kept = read_events(spark, params.lake)
        missing = [name for name in EVENT_SCHEMA.names if name not in kept.columns]
        rows = kept.count()
    except MissingTableError:
        missing, rows = [], 0
    bad = 0 if quarantined is None else quarantined.count()
    missing += [] if quarantined is None else [n for n in QUARANTINE_SCHEMA.names if n not in quarantined.columns]
    facts = {"quarantined_rows": bad, "missing_columns": missing, "ledger": ledger.totals()}
    return StepResult(rows, facts | _newest_batch(ledger, params.max_quarantine_percent))


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


def _quarantine(spark: SparkSession, lake: str, ledger: Ledger) -> DataFrame | None:
    base = storage.join(lake, QUARANTINED_EVENTS)
    folders = [storage.join(base, batch_folder(number)) for number in ledger.batch_numbers]
    there = [folder for folder in folders if any(storage.list_files(folder))]
    return spark.read.option("basePath", base).parquet(*there) if there else None
