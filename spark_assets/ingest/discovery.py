"""Which log files lie in the inbox."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from pyarrow import fs

from spark_assets import storage
from spark_assets.errors import MissingInboxError

LOG_SUFFIXES = (".json", ".json.gz", ".json.bz2")


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


def is_log_file(name: str) -> bool:
    """Whether a name is a log file's: the right ending, and no part that is hidden or temporary (`.x`, `_x`)."""
    parts = name.split("/")
    return name.endswith(LOG_SUFFIXES) and not any(part.startswith((".", "_")) for part in parts)


def discover(inbox: str) -> list[LogFile]:
    """List the log files below `inbox`, in order of name.

    Raises:
        MissingInboxError: the folder does not exist.
    """
    if not storage.exists(inbox):
        raise MissingInboxError(
            f"The inbox {inbox} does not exist. Create it and drop log files (*.json, *.json.gz, one event a line) "
            "into it, or point ENCORE_LOGS at the folder that holds them."
        )
    return [_log_file(name, info) for name, info in storage.list_files(inbox) if is_log_file(name)]


def settled(files: Sequence[LogFile], now: datetime, quiet: timedelta) -> list[LogFile]:
    """Leave out files touched within `quiet` before `now`, or after it: somebody may still be writing them."""
    latest = int((now.astimezone(UTC) - quiet).timestamp() * 1e9)
    return [file for file in files if file.modified_ns <= latest]


def ahead(files: Sequence[LogFile], now: datetime, quiet: timedelta) -> list[LogFile]:
    """Files touched more than `quiet` after `now`: by another clock, so that no wait makes them settled."""
    earliest = int((now.astimezone(UTC) + quiet).timestamp() * 1e9)
    return [file for file in files if file.modified_ns > earliest]


def _log_file(name: str, info: fs.FileInfo) -> LogFile:
    return LogFile(name=name, size=info.size, modified_ns=info.mtime_ns or 0)
