"""The ledger of batches: one readable JSON document a batch, written last. What it does not name does not exist."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from spark_assets.errors import MissingTableError
from spark_assets.lake import storage

LEDGER = "ledger"


def batch_folder(number: int) -> str:
    """Name of the folder that holds a batch's files in each table of events."""
    return f"batch={number:06d}"


class FileEntry(TypedDict):
    """One log file of a batch: sizes in bytes, counts in lines.

    `duplicate_of` names the file whose content it has; its lines then count as zero. `from_byte` is not 0 for a file
    that was appended to since an earlier batch. `whole_lines` is the size up to the last line end, `line_ends` their
    number (plain files). `first_at` and `last_at` span the lines that are no quarantine (ISO 8601, UTC).
    `read = kept + repeated + logged_out + quarantined + erased`; `erased` are lines of customers on the do-not-load
    list, absent in entries older than the list. `continues` is the number of the batch that held the file before more
    was appended to it; absent in all other cases.
    """

    name: str
    size: int
    modified_ns: int
    content_hash: str
    duplicate_of: str | None
    from_byte: int
    whole_lines: int
    line_ends: int
    read: int
    kept: int
    repeated: int
    logged_out: int
    first_at: str | None
    last_at: str | None
    quarantined: dict[str, int]
    erased: NotRequired[int]
    continues: NotRequired[int]
    read_bytes: NotRequired[int]
    quarantined_bytes: NotRequired[int]


class BatchEntry(TypedDict):
    """One batch: number, times (ISO 8601, UTC), files, and events by date."""

    batch: int
    started_at: str
    committed_at: str
    files: list[FileEntry]
    events_by_date: dict[str, int]


@dataclass(frozen=True)
class LogFile:
    """One log file: name relative to the inbox, size in bytes, modification time in ns since 1970."""

    name: str
    size: int
    modified_ns: int

    @property
    def compressed(self) -> bool:
        """Whether the file can only be read from its start."""
        return not self.name.endswith(".json")

    def as_dict(self) -> dict[str, str | int]:
        """Plain values, for the ledger."""
        return asdict(self)


@dataclass(frozen=True)
class Ledger:
    """All batches so far, in order."""

    batches: tuple[BatchEntry, ...]

    @classmethod
    def load(cls, lake: str) -> "Ledger":
        """Read the ledger of a lake; an absent one is empty."""
        names = [name for name, _ in storage.list_files(storage.join(lake, LEDGER)) if name.endswith(".json")]
        return cls(tuple(storage.read_json(storage.join(lake, LEDGER, name)) for name in sorted(names)))

    @property
    def next_batch(self) -> int:
        """Number of the next batch."""
        return max((entry["batch"] for entry in self.batches), default=0) + 1

    @property
    def batch_numbers(self) -> list[int]:
        """Numbers of the committed batches, in order."""
        return [entry["batch"] for entry in self.batches]

    def unknown(self, files: Iterable[LogFile]) -> list[LogFile]:
        """Those of `files` that no batch holds under this name, size and time; the others need not even be opened."""
        known = {(entry["name"], entry["size"], entry["modified_ns"]) for entry in self._files()}
        return [file for file in files if (file.name, file.size, file.modified_ns) not in known]

    def names_by_hash(self) -> dict[str, str]:
        """Name of the first file that brought each content."""
        names: dict[str, str] = {}
        for entry in self._files():
            names.setdefault(entry["content_hash"], entry["name"])
        return names

    def latest_by_name(self) -> dict[str, FileEntry]:
        """The newest entry of each file name."""
        return {entry["name"]: entry for entry in self._files()}

    def first_batches(self) -> dict[tuple[str, str], int]:
        """Number of the first batch that names a file with a content hash: later ones only saw it again."""
        batches: dict[tuple[str, str], int] = {}
        for entry in self.batches:
            for file in entry["files"]:
                batches.setdefault((file["name"], file["content_hash"]), entry["batch"])
        return batches

    def span(self) -> tuple[date, date]:
        """First and last UTC date in the logs, logged-out lines included.

        Raises:
            MissingTableError: no line was believable yet.
        """
        times = [time for file in self._files() for time in (file["first_at"], file["last_at"]) if time]
        if not times:
            raise MissingTableError(
                "No log line was ingested yet: drop log files into the inbox (ENCORE_LOGS) and materialize "
                "cleaned_events; lines that were refused stand in quarantined_events with their reason."
            )
        return datetime.fromisoformat(min(times)).date(), datetime.fromisoformat(max(times)).date()

    def totals(self) -> dict[str, Any]:
        """Lines over all batches: read, kept, repeated, logged_out, quarantined, erased, and quarantined by reason."""
        files = self._files()
        reasons: dict[str, int] = {}
        for entry in files:
            for reason, lines in entry["quarantined"].items():
                reasons[reason] = reasons.get(reason, 0) + lines
        return {
            "read": sum(entry["read"] for entry in files),
            "kept": sum(entry["kept"] for entry in files),
            "repeated": sum(entry["repeated"] for entry in files),
            "logged_out": sum(entry["logged_out"] for entry in files),
            "quarantined": sum(reasons.values()),
            "erased": sum(entry.get("erased", 0) for entry in files),
            "quarantined_by_reason": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        }

    def _files(self) -> list[FileEntry]:
        return [file for entry in self.batches for file in entry["files"]]


def commit(lake: str, entry: BatchEntry) -> None:
    """Make a batch count: from here on its rows belong to the lake."""
    storage.write_json(_uri(lake, entry["batch"]), entry)


def uncommit(lake: str, number: int) -> None:
    """Make a batch count no more: its files in the inbox are unknown again."""
    storage.delete_file(_uri(lake, number))


def _uri(lake: str, number: int) -> str:
    return storage.join(lake, LEDGER, f"{number:06d}.json")
