"""Takes customers on the do-not-load list out of the batches that the lake holds already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.erasure.tables import forget_in_tables
from spark_assets.ingest.accounting import Remaining, recounted
from spark_assets.ingest.withdrawal import delete_unknown_folders
from spark_assets.lake import do_not_load, storage
from spark_assets.lake.bad_lines import full_name
from spark_assets.lake.batch_files import read_table, replace_table
from spark_assets.lake.do_not_load import DoNotLoad, with_names
from spark_assets.lake.ledger import Ledger, batch_folder, commit
from spark_assets.lake.schema import CLEANED_EVENTS, EVENT_DATE, QUARANTINED_EVENTS, SOURCE, USER_ID

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FILES_A_TASK = 16


@dataclass(frozen=True)
class Forgotten:
    """What was taken out: customers newly on the list, and the batches that held lines of theirs."""

    customers: int
    batches: list[int]


def forget(spark: "SparkSession", lake: str, listed: DoNotLoad) -> Forgotten:
    """Take pending customers out of events, quarantine and every table.

    A run that dies on the way is finished by the next one: files are replaced whole, the counts of the ledger are
    taken from what stands in the files afterwards, and the list is pending until the end.
    """
    if not listed.pending:
        return Forgotten(0, [])
    ledger = Ledger.load(lake)
    delete_unknown_folders(lake, ledger)
    listed = with_names(listed, _names(spark, lake, ledger.batch_numbers, listed))
    do_not_load.save(lake, listed)  # first, as the events that tell the names go next
    remaining = _clean_files(spark, lake, ledger.batch_numbers, listed)
    changed = [entry for entry in (recounted(entry, remaining) for entry in ledger.batches) if entry]
    forget_in_tables(spark, lake, listed)
    for entry in changed:
        commit(lake, entry)
    do_not_load.save(lake, replace(listed, pending=frozenset()))
    return Forgotten(len(listed.pending), [entry["batch"] for entry in changed])


def _files(lake: str, batches: Iterable[int], tables: Sequence[str]) -> list[tuple[str, int, str]]:
    """Files of batches as (table, batch, path within the batch's folder)."""
    return [
        (table, number, name)
        for number in batches
        for table in tables
        for name, _ in storage.list_files(storage.join(lake, table, batch_folder(number)))
    ]


def _names(spark: "SparkSession", lake: str, batches: Iterable[int], listed: DoNotLoad) -> set[str]:
    """Full names that listed customers have in the events."""
    files = _files(lake, batches, [CLEANED_EVENTS])
    if not files:
        return set()
    tasks = spark.sparkContext.parallelize(files, max(len(files) // _FILES_A_TASK, 1))
    return set(tasks.flatMap(lambda file: _names_in(_uri(lake, *file), listed)).distinct().collect())


def _names_in(uri: str, listed: DoNotLoad) -> set[str]:
    gone = listed.holds(read_table(uri, [USER_ID])[USER_ID])
    if gone is None:
        return set()
    rows = read_table(uri, ["first_name", "last_name"]).filter(gone)
    return {full_name(row["first_name"], row["last_name"]) for row in rows.to_pylist()} - {""}


def _clean_files(spark: "SparkSession", lake: str, batches: Iterable[int], listed: DoNotLoad) -> Remaining:
    files = _files(lake, batches, [CLEANED_EVENTS, QUARANTINED_EVENTS])
    if not files:
        return Remaining()
    tasks = spark.sparkContext.parallelize(files, max(len(files) // _FILES_A_TASK, 1))
    found = tasks.map(lambda file: _clean(lake, *file, listed)).collect()
    return sum(found, Remaining())


def _uri(lake: str, table: str, batch: int, name: str) -> str:
    return storage.join(lake, table, batch_folder(batch), name)


def _clean(lake: str, table: str, batch: int, name: str, listed: DoNotLoad) -> Remaining:
    """Write one file anew if it holds a listed customer, and count what it holds then."""
    uri = _uri(lake, table, batch, name)
    rows = read_table(uri, [USER_ID, SOURCE] if table == CLEANED_EVENTS else None)
    gone = listed.holds(rows[USER_ID]) if table == CLEANED_EVENTS else _bad_lines(rows, listed)
    if gone is not None:
        rows = read_table(uri).filter(pc.invert(pc.fill_null(gone, False)))
        replace_table(uri, rows)
    if table == QUARANTINED_EVENTS:
        counted = Counter(zip(rows["file"].to_pylist(), rows["reason"].to_pylist(), strict=True))
        return Remaining(quarantined=Counter({(batch, *key): lines for key, lines in counted.items()}))
    day = name.split("/", 1)[0].removeprefix(f"{EVENT_DATE}=")
    sources = Counter(rows[SOURCE].to_pylist())
    return Remaining(
        kept=Counter({(batch, source): lines for source, lines in sources.items()}),
        by_date=Counter({(batch, day): rows.num_rows}),
    )


def _bad_lines(rows: pa.Table, listed: DoNotLoad) -> pa.Array | None:
    gone = [listed.holds_line(raw) for raw in rows["raw"].to_pylist()]
    return pa.array(gone) if any(gone) else None
