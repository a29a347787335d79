"""Bad last lines that lacked their end when a batch was made, and were read again, longer, by a later one.

The later batch says what has become of such a line, so it leaves the quarantine of the earlier one, and its counts.
"""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.lake import storage
from spark_assets.lake.batch_files import read_table, replace_table
from spark_assets.lake.ledger import BatchEntry, FileEntry, Ledger, batch_folder, commit
from spark_assets.lake.schema import QUARANTINED_EVENTS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Lines = Mapping[str, int]
"""Number of one line by name of its log file."""


def take_back(spark: "SparkSession", lake: str, ledger: Ledger) -> Ledger:
    """Take out of earlier batches the last lines that the newest one read again; returns the ledger as it is then.

    Called after each commit, and before the next batch: a run that dies on the way is finished by the next one, as
    counts are taken from what stands in the files afterwards.
    """
    by_number = {entry["batch"]: entry for entry in ledger.batches}
    for number, lines in _read_again(by_number).items():
        entry = _without(spark, lake, by_number[number], lines)
        if entry != by_number[number]:
            commit(lake, entry)
            by_number[number] = entry
    return Ledger(tuple(by_number.values()))


def _read_again(by_number: Mapping[int, BatchEntry]) -> dict[int, dict[str, int]]:
    """The lines that may have to go, by number of the batch that holds them; one that was withdrawn holds none."""
    found: dict[int, dict[str, int]] = {}
    for file in by_number[max(by_number)]["files"] if by_number else ():
        number = file.get("continues")
        if number is None or number not in by_number:
            continue
        for before in by_number[number]["files"]:
            if before["name"] == file["name"] and before["size"] > before["whole_lines"] and before["quarantined"]:
                found.setdefault(number, {})[before["name"]] = before["line_ends"] + 1
    return found


def _without(spark: "SparkSession", lake: str, entry: BatchEntry, lines: Lines) -> BatchEntry:
    """Write the batch's quarantine anew without `lines`; returns its entry with the counts of what is left."""
    folder = storage.join(lake, QUARANTINED_EVENTS, batch_folder(entry["batch"]))
    names = [name for name, _ in storage.list_files(folder)]
    tasks = spark.sparkContext.parallelize(names, max(len(names), 1))
    counted = sum(tasks.map(lambda name: _clean(storage.join(folder, name), lines)).collect(), Counter())
    files = [_recounted(file, counted) if file["name"] in lines else file for file in entry["files"]]
    return {**entry, "files": files}


def _clean(uri: str, lines: Lines) -> Counter[tuple[str, str]]:
    """Take `lines` out of one file; returns how many of their files' lines it holds then, by (file, reason)."""
    rows = read_table(uri, ["file", "line", "reason"])
    of_files = rows.filter(pc.is_in(rows["file"], value_set=pa.array(list(lines), pa.string()))).to_pylist()
    counted = Counter((row["file"], row["reason"]) for row in of_files if lines[row["file"]] != row["line"])
    if counted.total() < len(of_files):
        whole = read_table(uri)
        keys = zip(rows["file"].to_pylist(), rows["line"].to_pylist(), strict=True)
        replace_table(uri, whole.filter(pa.array([lines.get(file) != line for file, line in keys])))
    return counted


def _recounted(file: FileEntry, counted: Mapping[tuple[str, str], int]) -> FileEntry:
    left = {reason: counted[file["name"], reason] for reason in file["quarantined"]}
    gone = sum(file["quarantined"].values()) - sum(left.values())
    kept = {reason: lines for reason, lines in left.items() if lines}
    return {**file, "read": file["read"] - gone, "quarantined": kept} if gone else file
