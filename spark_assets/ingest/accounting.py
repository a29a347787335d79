"""The ledger entry of a batch, made from results of tasks, with verified counts; its counts after an erasure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from spark_assets.errors import EncoreError
from spark_assets.ingest.deduplication import DayResult
from spark_assets.ingest.survey import Duplicate, NewContent, Novelty, SurveyedFile
from spark_assets.ingest.task import LineCounts, TaskResult
from spark_assets.lake.ledger import BatchEntry, FileEntry


class CountsDoNotAddUpError(EncoreError):
    """Lines went missing between reading and writing: the batch is not committed."""


def sources(new: Sequence[NewContent]) -> dict[str, int]:
    """Place of each file in the entry's list of files: new ones first."""
    return {item.surveyed.file.name: place for place, item in enumerate(new)}


def count_lines(
    results: Iterable[TaskResult], days: Iterable[DayResult], places: Mapping[str, int]
) -> dict[str, LineCounts]:
    """Counts by file name; events that a task or a day left out move from kept to repeated."""
    counts: dict[str, LineCounts] = {}
    repeated: Counter[int] = Counter()
    for result in results:
        repeated.update(result.repeated)
        for name, counted in result.counts.items():
            counts.setdefault(name, LineCounts()).add(counted)
    for day in days:
        repeated.update(day.repeated)
    for name, place in places.items():
        if repeated[place]:
            counts[name].kept -= repeated[place]
            counts[name].repeated += repeated[place]
    return counts


def batch_entry(
    number: int, started_at: datetime, novelty: Novelty, counts: Mapping[str, LineCounts], days: Iterable[DayResult]
) -> BatchEntry:
    """The entry of a batch.

    Raises:
        CountsDoNotAddUpError: lines read, lines accounted for and events written differ.
    """
    files = [_continuing(_file_entry(item.surveyed, counts, from_byte=item.from_byte), item) for item in novelty.new]
    files += [_continuing(_file_entry(item.surveyed, {}, duplicate_of=item.first), item) for item in novelty.duplicates]
    by_date: Counter[str] = Counter()
    for day in days:
        for written in day.files:
            by_date[str(written.event_date)] += written.rows
    entry = BatchEntry(
        batch=number,
        started_at=started_at.isoformat(),
        committed_at=datetime.now(UTC).isoformat(),
        files=files,
        events_by_date=dict(sorted(by_date.items())),
    )
    _verify(entry)
    return entry


def _continuing(entry: FileEntry, item: NewContent | Duplicate) -> FileEntry:
    return entry if item.continues is None else {**entry, "continues": item.continues}


def _file_entry(
    item: SurveyedFile, counts: Mapping[str, LineCounts], *, from_byte: int = 0, duplicate_of: str | None = None
) -> FileEntry:
    counted = counts.get(item.file.name, LineCounts())
    return FileEntry(
        name=item.file.name,
        size=item.file.size,
        modified_ns=item.file.modified_ns,
        content_hash=item.content_hash,
        duplicate_of=duplicate_of,
        from_byte=from_byte,
        whole_lines=item.whole_lines,
        line_ends=item.line_ends,
        read=counted.read,
        kept=counted.kept,
        repeated=counted.repeated,
        logged_out=counted.logged_out,
        first_at=_iso(counted.first_ms),
        last_at=_iso(counted.last_ms),
        quarantined=dict(counted.quarantined),
        erased=counted.erased,
        read_bytes=counted.read_bytes,
        quarantined_bytes=counted.quarantined_bytes,
    )


def _iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _verify(entry: BatchEntry) -> None:
    for file in entry["files"]:
        accounted = file["kept"] + file["repeated"] + file["logged_out"] + sum(file["quarantined"].values())
        accounted += file.get("erased", 0)
        if accounted != file["read"]:
            raise CountsDoNotAddUpError(f"{file['name']}: {file['read']} lines read, {accounted} accounted for.")
    written = sum(entry["events_by_date"].values())
    kept = sum(file["kept"] for file in entry["files"])
    if written != kept:
        raise CountsDoNotAddUpError(f"Batch {entry['batch']}: {kept} events kept, {written} written.")


@dataclass(frozen=True)
class Remaining:
    """Lines that stand in the files of the batches."""

    kept: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Events by (batch, place of the log file in the batch's entry)."""
    by_date: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Events by (batch, UTC date)."""
    quarantined: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    """Bad lines by (batch, log file, reason)."""

    def __add__(self, other: "Remaining") -> "Remaining":
        """Counts of both."""
        return Remaining(self.kept + other.kept, self.by_date + other.by_date, self.quarantined + other.quarantined)


def recounted(entry: BatchEntry, remaining: Remaining) -> BatchEntry | None:
    """Return the entry with the counts of what remains, the difference counted as erased; None if nothing differs.

    A day of which nothing remains stays in the entry with a count of zero: it is to be computed anew.
    """
    number = entry["batch"]
    files = [_recounted_file(file, number, place, remaining) for place, file in enumerate(entry["files"])]
    if files == entry["files"]:
        return None
    by_date = {day: remaining.by_date[number, day] for day in entry["events_by_date"]}
    return {**entry, "files": files, "events_by_date": by_date}


def _recounted_file(file: FileEntry, batch: int, place: int, remaining: Remaining) -> FileEntry:
    kept = remaining.kept[batch, place]
    quarantined = {reason: remaining.quarantined[batch, file["name"], reason] for reason in file["quarantined"]}
    gone = file["kept"] - kept + sum(file["quarantined"].values()) - sum(quarantined.values())
    if not gone:
        return file
    erased = file.get("erased", 0) + gone
    left = {reason: lines for reason, lines in quarantined.items() if lines}
    return {**file, "kept": kept, "quarantined": left, "erased": erased}
