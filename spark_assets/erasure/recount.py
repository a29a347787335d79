"""The ledger's counts of a batch after customers were taken out of it, from what stands in its files."""

from collections import Counter
from dataclasses import dataclass, field

from spark_assets.ingest.ledger import BatchEntry, FileEntry


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
