"""Taking a batch out of the lake, so that the next ingest brings its log files back whole.

A batch with a damaged file is not mended in place: later batches leave out what it held, and go on where its files
ended. What must come back with it is worked out from the ledger, and nothing is taken out that the inbox cannot bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spark_assets import storage
from spark_assets.columns import CLEANED_EVENTS, QUARANTINED_EVENTS
from spark_assets.errors import EncoreError
from spark_assets.ingest.discovery import discover
from spark_assets.ingest.ledger import BatchEntry, FileEntry, Ledger, batch_folder, commit, uncommit
from spark_assets.ingest.survey import survey
from spark_assets.lake import reopen_batches

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class UnknownBatchError(EncoreError):
    """No batch has this number."""


class LogsGoneError(EncoreError):
    """The inbox does not hold the log files of a batch any more."""


@dataclass(frozen=True)
class Withdrawn:
    """Batches taken out, their log files, and the events that are gone until these are ingested again."""

    batches: list[int]
    files: list[str]
    events: int


def withdraw(spark: "SparkSession", inbox: str, lake: str, number: int) -> Withdrawn:
    """Take out a batch, and later ones that hold what was appended to its files.

    Dies it on the way, what is left is a lake without some of these batches, and calling again does the rest.

    Raises:
        UnknownBatchError: there is no such batch.
        LogsGoneError: a log file is not in the inbox as it was ingested; nothing was taken out.
    """
    ledger = Ledger.load(lake)
    if number not in ledger.batch_numbers:
        raise UnknownBatchError(f"There is no batch {number}: the ledger holds {ledger.batch_numbers}.")
    gone = _with_continuations(ledger, number)
    # The newest entry of a file speaks of all of it.
    files = {file["name"]: file for entry in gone for file in entry["files"] if not file["duplicate_of"]}
    _check_inbox(spark, inbox, list(files.values()))
    numbers = [entry["batch"] for entry in gone]
    reopen_batches(lake, numbers)
    for entry in _without_duplicates(ledger, numbers, files):
        commit(lake, entry)
    for taken in reversed(numbers):
        uncommit(lake, taken)
    _delete_unknown_folders(lake)
    return Withdrawn(numbers, sorted(files), sum(sum(entry["events_by_date"].values()) for entry in gone))


def _with_continuations(ledger: Ledger, number: int) -> list[BatchEntry]:
    """The batch, and each later one with a file that goes on where one of these ended."""
    gone: list[BatchEntry] = []
    names: set[str] = set()
    for entry in ledger.batches:
        continues = any(file["from_byte"] and file["name"] in names for file in entry["files"])
        if entry["batch"] == number or continues:
            gone.append(entry)
            names |= {file["name"] for file in entry["files"]}
    return gone


def _check_inbox(spark: "SparkSession", inbox: str, wanted: Sequence[FileEntry]) -> None:
    """Compare by content: names and times alone would let another file take the place of one that is lost."""
    lying = {file.name: file for file in discover(inbox)}
    there = [file for file in wanted if file["name"] in lying]
    grown = {file["name"]: file["size"] for file in there if 0 < file["size"] < lying[file["name"]].size}
    surveyed = survey(spark, inbox, [lying[file["name"]] for file in there], grown)
    hashes = {item.file.name: {item.content_hash, item.prefix_hash} for item in surveyed}
    missing = [file["name"] for file in wanted if file["content_hash"] not in hashes.get(file["name"], set())]
    if missing:
        raise LogsGoneError(
            f"The inbox {inbox} does not hold these log files as they were ingested: {', '.join(missing)}. Put them "
            "back there under these names, then launch withdraw_batch again; nothing was taken out."
        )


def _without_duplicates(ledger: Ledger, gone: Sequence[int], files: dict[str, FileEntry]) -> list[BatchEntry]:
    """The entries that stay but name a file of the batches that go as the one they repeat, without that line.

    Else the content would count as known, and the file that comes back as one that brings nothing.
    """
    hashes = {file["content_hash"] for file in files.values()}
    changed: list[BatchEntry] = []
    for entry in ledger.batches:
        kept = [file for file in entry["files"] if not (file["duplicate_of"] and file["content_hash"] in hashes)]
        if entry["batch"] not in gone and len(kept) < len(entry["files"]):
            changed.append({**entry, "files": kept})
    return changed


def _delete_unknown_folders(lake: str) -> None:
    known = {batch_folder(number) for number in Ledger.load(lake).batch_numbers}
    for table in (CLEANED_EVENTS, QUARANTINED_EVENTS):
        base = storage.join(lake, table)
        for folder in {name.split("/", 1)[0] for name, _ in storage.list_files(base)} - known:
            storage.delete_folder(storage.join(base, folder))
