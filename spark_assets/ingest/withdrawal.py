"""Takes a batch out of the lake, so that the next ingest brings its log files back whole.

A batch with a damaged file is not mended in place: later batches leave out the events it held, and go on where its
files ended. The ledger and the inbox tell which batches go with it; nothing goes that the inbox cannot bring back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spark_assets.errors import EncoreError
from spark_assets.ingest.inbox import discover
from spark_assets.ingest.survey import survey
from spark_assets.lake import storage
from spark_assets.lake.ledger import BatchEntry, FileEntry, Ledger, LogFile, batch_folder, commit, uncommit
from spark_assets.lake.schema import CLEANED_EVENTS, QUARANTINED_EVENTS
from spark_assets.lake.tables import reopen_batches

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
    """Take out a batch, and the batches without which the next ingest would not read its files from their start.

    If it dies on the way, calling it again does the rest: the batch itself goes last.

    Raises:
        UnknownBatchError: there is no such batch.
        LogsGoneError: a log file is not in the inbox as it was ingested; nothing was taken out.
    """
    ledger = Ledger.load(lake)
    if number not in ledger.batch_numbers:
        raise UnknownBatchError(f"There is no batch {number}: the ledger holds {ledger.batch_numbers}.")
    plan = _plan(spark, inbox, ledger, number)
    reopen_batches(lake, plan.gone)
    for entry in _without_duplicates(ledger, plan):
        commit(lake, entry)
    for taken in reversed(plan.gone):
        uncommit(lake, taken["batch"])
    delete_unknown_folders(lake, Ledger.load(lake))
    events = sum(sum(entry["events_by_date"].values()) for entry in plan.gone)
    names = {file["name"] for entry in plan.gone for file in entry["files"] if not file["duplicate_of"]}
    return Withdrawn(sorted(entry["batch"] for entry in plan.gone), sorted(names), events)


@dataclass(frozen=True)
class _Copy:
    """A file of the inbox that holds all lines of `of`, an entry to withdraw; maybe more lines after them."""

    of: FileEntry
    file: LogFile
    content_hash: str

    @property
    def needed_from(self) -> int:
        """Byte of the file from which the next ingest must read."""
        return self.of["from_byte"] if self.file.name == self.of["name"] else 0


@dataclass(frozen=True)
class _Plan:
    """Batches to take out, each after the one that made it go, and the files that bring their lines back."""

    gone: list[BatchEntry]
    copies: list[_Copy]


def _plan(spark: "SparkSession", inbox: str, ledger: Ledger, number: int) -> _Plan:
    contents = _Contents(spark, inbox)
    gone = [entry for entry in ledger.batches if entry["batch"] == number]
    while True:
        _add_continuations(ledger, gone)
        copies = _find_copies(contents, ledger, gone)
        hiding = [entry for entry in ledger.batches if entry not in gone and _hides(contents, entry, copies)]
        if not hiding:
            return _Plan(gone, copies)
        gone += hiding


def _add_continuations(ledger: Ledger, gone: list[BatchEntry]) -> None:
    """Add each later batch with a file that goes on where one of these ended."""
    names: set[str] = set()
    for entry in ledger.batches:
        continues = any(file["from_byte"] and file["name"] in names for file in entry["files"])
        if continues and entry not in gone:
            gone.append(entry)
        if entry in gone:
            names |= {file["name"] for file in entry["files"]}


def _hides(contents: "_Contents", entry: BatchEntry, copies: Sequence[_Copy]) -> bool:
    """Whether a batch that stays would keep the next ingest from reading one of `copies` as far as is needed.

    It does so where it knows the content, or its beginning, without holding all of its events itself: some were left
    out as repeats, or stand in the batch that held the beginning.
    """
    for file in entry["files"]:
        if file["duplicate_of"] or not (file["repeated"] or file["from_byte"]):
            continue
        for copy in copies:
            begins_it = file["name"] == copy.file.name and file["whole_lines"] > copy.needed_from
            if file["content_hash"] == copy.content_hash or (begins_it and contents.holder_of(file, copy.file)):
                return True
    return False


class _Contents:
    """What the files of the inbox hold, by content: names and times alone would let another file take the place."""

    def __init__(self, spark: "SparkSession", inbox: str) -> None:
        self._spark = spark
        self.inbox = inbox
        self.lying = {file.name: file for file in discover(inbox)}
        self._hashes: dict[tuple[str, int], tuple[str, str | None]] = {}

    def look_at(self, pairs: Sequence[tuple[FileEntry, LogFile]]) -> None:
        """Hash files as they are and as far as an entry held them, many at once."""
        new = dict.fromkeys((file, entry["size"]) for entry, file in pairs if _may_hold(file, entry))
        left = [pair for pair in new if (pair[0].name, pair[1]) not in self._hashes]
        while left:
            sizes = {file.name: size for file, size in left}  # one size a file in each survey
            files = [self.lying[name] for name in sizes]
            grown = {file.name: sizes[file.name] for file in files if 0 < sizes[file.name] < file.size}
            for item in survey(self._spark, self.inbox, files, grown):
                self._hashes[item.file.name, sizes[item.file.name]] = (item.content_hash, item.prefix_hash)
            left = [pair for pair in left if (pair[0].name, pair[1]) not in self._hashes]

    def holder_of(self, entry: FileEntry, file: LogFile) -> _Copy | None:
        """`file` as a copy of what an entry held, if it begins with that."""
        if not _may_hold(file, entry):
            return None
        self.look_at([(entry, file)])
        now, then = self._hashes[file.name, entry["size"]]
        return _Copy(entry, file, now) if entry["content_hash"] in (now, then) else None


def _may_hold(file: LogFile, entry: FileEntry) -> bool:
    return file.size == entry["size"] or (not file.compressed and file.size > entry["size"])


def _find_copies(contents: _Contents, ledger: Ledger, gone: Sequence[BatchEntry]) -> list[_Copy]:
    """For each log file of the batches a file of the inbox that holds it, under its own name or one that repeated it.

    Raises:
        LogsGoneError: there is none for some of them.
    """
    wanted = list(_to_bring_back(ledger, gone))
    names_of: dict[str, list[str]] = {}
    for entry in ledger.batches:
        for file in entry["files"]:
            names_of.setdefault(file["content_hash"], []).append(file["name"])
    candidates = [
        (file, [contents.lying[name] for name in dict.fromkeys([file["name"], *names_of[file["content_hash"]]])
                if name in contents.lying])
        for file in wanted
    ]  # fmt: skip
    contents.look_at([(file, lying) for file, all_lying in candidates for lying in all_lying])
    found = [[contents.holder_of(file, lying) for lying in all_lying] for file, all_lying in candidates]
    missing = [file["name"] for file, holders in zip(wanted, found, strict=True) if not any(holders)]
    if missing:
        raise LogsGoneError(
            f"The inbox {contents.inbox} does not hold these log files as they were ingested: {', '.join(missing)}. "
            "Put them back there under these names, then launch withdraw_batch again; nothing was taken out."
        )
    return [next(holder for holder in holders if holder) for holders in found]


def _to_bring_back(ledger: Ledger, gone: Sequence[BatchEntry]) -> Iterator[FileEntry]:
    """The log files of the batches, each as it was when last ingested, and as it was before another replaced it."""
    newest: dict[str, FileEntry] = {}
    for entry in ledger.batches:
        for file in entry["files"] if entry in gone else ():
            if file["duplicate_of"]:
                continue
            if file["name"] in newest and not file["from_byte"]:
                yield newest[file["name"]]
            newest[file["name"]] = file
    yield from newest.values()


def _without_duplicates(ledger: Ledger, plan: _Plan) -> Iterator[BatchEntry]:
    """The entries that stay but name a file as one that repeats what goes, without that file.

    Else the content would count as known, and the file that comes back as one that brings nothing.
    """
    names = {copy.file.name for copy in plan.copies}
    hashes = {copy.content_hash for copy in plan.copies}
    hashes |= {file["content_hash"] for entry in plan.gone for file in entry["files"] if not file["duplicate_of"]}
    for entry in ledger.batches:
        kept = [
            file
            for file in entry["files"]
            if not (file["duplicate_of"] and (file["content_hash"] in hashes or file["name"] in names))
        ]
        if entry not in plan.gone and len(kept) < len(entry["files"]):
            yield {**entry, "files": kept}


def delete_unknown_folders(lake: str, ledger: Ledger) -> None:
    """Delete the files of batches that the ledger does not hold."""
    known = {batch_folder(number) for number in ledger.batch_numbers}
    for table in (CLEANED_EVENTS, QUARANTINED_EVENTS):
        base = storage.join(lake, table)
        for folder in {name.split("/", 1)[0] for name, _ in storage.list_files(base)} - known:
            storage.delete_folder(storage.join(base, folder))
