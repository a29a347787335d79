"""Steps that only look: the facts that asset checks judge. Rows are counted anew, not taken from notes."""

from collections import Counter
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import CUSTOMER_SNAPSHOT, ERASED_CUSTOMER
from spark_assets.features.point_in_time import CUSTOMER_COLUMNS
from spark_assets.features.registry import FEATURES
from spark_assets.ingest.left_out import load_left_out
from spark_assets.lake import storage
from spark_assets.lake.batch_files import open_parquet
from spark_assets.lake.ledger import Ledger, batch_folder
from spark_assets.lake.schema import (
    CLEANED_EVENTS,
    CUT_OFF,
    EVENT_DATE,
    EVENT_SCHEMA,
    QUARANTINE_SCHEMA,
    QUARANTINED_EVENTS,
    USER_FEATURES,
    USER_ID,
)
from spark_assets.lake.tables import read_daily_activity, read_table
from spark_assets.publishing.postgres import connect, publisher_url
from spark_assets.steps.settings import StepParams, StepResult

_MAX_NAMED = 10


def events(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows of events and quarantine beside the ledger's counts, by batch, columns missing, and what ingest left out."""
    ledger = Ledger.load(params.lake)
    rows, lacking = _held(spark, storage.join(params.lake, CLEANED_EVENTS), ledger, EVENT_SCHEMA)
    bad, lacking_there = _held(spark, storage.join(params.lake, QUARANTINED_EVENTS), ledger, QUARANTINE_SCHEMA)
    facts = {
        "quarantined_rows": bad.total(),
        "missing_columns": [*lacking, *lacking_there],
        "incomplete_batches": sorted(set().union(*lacking.values(), *lacking_there.values())),
        "ledger": ledger.totals(),
    }
    facts |= {"differing_batches": _differing(ledger, rows, bad)} | _newest_batch(ledger, params.max_quarantine_percent)
    left_out = load_left_out(params.lake)
    facts |= {"damaged": left_out.reasons, "passed_over": dict(left_out.passed_over)}
    return StepResult(rows.total(), facts)


def _differing(ledger: Ledger, rows: Counter[str], bad: Counter[str]) -> list[str]:
    """What batches hold that differs from the ledger, with the way out."""
    told = []
    for entry in ledger.batches:
        number, folder = entry["batch"], batch_folder(entry["batch"])
        counted = Ledger((entry,)).totals()
        held, listed = (rows[folder], bad[folder]), (counted["kept"], counted["quarantined"])
        if held != listed:
            told.append(
                f"Batch {number}: its files hold {held[0]} events and {held[1]} bad lines, the ledger says {listed[0]} "
                f"and {listed[1]}. See that its log files lie in the inbox, launch the job withdraw_batch with batch "
                f"{number}, then materialize everything."
            )
    return told


def _held(
    spark: SparkSession, table: str, ledger: Ledger, schema: pa.Schema
) -> tuple[Counter[str], dict[str, set[int]]]:
    """Rows in a table's files by the folder of their batch; by column the batches with a file that lacks it.

    Raises:
        UnreadableParquetError: a footer is damaged.
    """
    known = {batch_folder(number): number for number in ledger.batch_numbers}
    files = [storage.join(table, name) for name, _ in storage.list_files(table) if name.split("/", 1)[0] in known]
    if not files:
        return Counter(), {}
    tasks = spark.sparkContext.parallelize(files, min(len(files), 4 * spark.sparkContext.defaultParallelism))
    footers = tasks.map(_footer).collect()
    rows: Counter[str] = Counter()
    lacking: dict[str, set[int]] = {name: set() for name in schema.names}
    for file, (held, names) in zip(files, footers, strict=True):
        folder = file.removeprefix(f"{table}/").split("/", 1)[0]
        rows[folder] += held
        for name in set(schema.names) - set(names):
            lacking[name].add(known[folder])
    return rows, {name: batches for name, batches in lacking.items() if batches}


def _footer(uri: str) -> tuple[int, list[str]]:
    with open_parquet(uri) as file:
        return file.metadata.num_rows, file.schema_arrow.names


def _newest_batch(ledger: Ledger, limit: int) -> dict[str, Any]:
    """Percent of the newest batch in quarantine, the limit, and the files and reasons that brought the most.

    By lines, by bytes, and by files: a file counts there if none of its lines became an event or was logged out. So a
    large file that reads as one bad line does not hide among the lines of the others.
    """
    files = [file for file in (ledger.batches[-1]["files"] if ledger.batches else []) if file["read"]]
    without_events = [file["name"] for file in files if file["read"] == sum(file["quarantined"].values())]
    worst = [
        {"file": file["name"], "reason": reason, "lines": lines}
        for file in files
        for reason, lines in file["quarantined"].items()
    ]
    worst.sort(key=lambda row: -int(str(row["lines"])))
    bad_bytes = sum(file.get("quarantined_bytes", 0) for file in files)
    return {
        "quarantined_percent": _percent(
            sum(sum(file["quarantined"].values()) for file in files), sum(file["read"] for file in files)
        ),
        "quarantined_bytes_percent": _percent(bad_bytes, sum(file.get("read_bytes", 0) for file in files)),
        "files_without_events_percent": _percent(len(without_events), len(files)),
        "limit_percent": limit,
        "worst": worst[:_MAX_NAMED],
        "files_without_events": without_events[:_MAX_NAMED],
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0.0


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


_SET_ASIDE = """
SELECT coalesce((summary ->> 'set_aside')::bigint, 0) FROM snapshot JOIN current_snapshot USING (snapshot_id)
"""


def portal_snapshot(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows, distinct customers and those set aside of the current snapshot, beside the customers of `user_features`.

    `erased_meanwhile` are those of `user_features` that were erased since the run ingested: the snapshot lacks them.
    """
    with connect(publisher_url()) as connection, connection.cursor() as cursor:
        # One statement, so that rows and list are of one moment.
        cursor.execute(
            "SELECT count(*), count(DISTINCT customer_number), "  # noqa: S608 - a name of the contract
            f"(SELECT coalesce(array_agg(customer_number), '{{}}') FROM {ERASED_CUSTOMER}) FROM current_customer"
        )
        rows, customers, erased = cursor.fetchall()[0]
        cursor.execute(_SET_ASIDE)
        (set_aside,) = cursor.fetchone() or (0,)
        cursor.execute("SELECT * FROM current_customer LIMIT 0")
        columns = [column.name for column in cursor.description or ()]
    features = read_table(spark, params.lake, USER_FEATURES)
    erased_meanwhile = features.where(F.col(USER_ID).isin(erased)).count()
    facts = {"distinct": customers, "customers": features.count(), "set_aside": set_aside}
    missing = [name for name in CUSTOMER_SNAPSHOT.column_names if name not in columns]
    return StepResult(rows, facts | {"erased_meanwhile": erased_meanwhile, "missing_columns": missing})


def keys(table: DataFrame, *key: str) -> StepResult:
    """Rows, and distinct keys among them."""
    return StepResult(table.count(), {"distinct": table.select(*key).distinct().count()})
