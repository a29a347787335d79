"""Which log files lie in the inbox."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from spark_assets import storage
from spark_assets.errors import MissingInboxError

LOG_SUFFIXES = (".json", ".json.gz", ".json.bz2")
UNFINISHED_SUFFIXES = (".part", ".tmp")
"""Of files that somebody still writes, as the parts of a name that begin with `.` or `_` are."""

NO_LOG_NAME = f"its name ends in none of {', '.join(LOG_SUFFIXES)}"


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
class Inbox:
    """The log files below an inbox, in order of name; those that their names keep from being read; all other names."""

    files: list[LogFile]
    unreadable: dict[str, str]
    passed_over: dict[str, str]


def is_log_file(name: str) -> bool:
    """Whether a name is a log file's: the right ending, and no part that is hidden or temporary (`.x`, `_x`)."""
    return name.endswith(LOG_SUFFIXES) and not _is_unfinished(name)


def _is_unfinished(name: str) -> bool:
    return name.endswith(UNFINISHED_SUFFIXES) or _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.split("/"))


def discover(inbox: str) -> list[LogFile]:
    """List the log files below `inbox`, in order of name.

    Raises:
        MissingInboxError: the folder does not exist.
    """
    return look_into(inbox).files


def look_into(inbox: str) -> Inbox:
    """List what lies below `inbox`; one name that cannot be used does not hide the others.

    Raises:
        MissingInboxError: the folder does not exist.
    """
    if not storage.exists(inbox):
        raise MissingInboxError(
            f"The inbox {inbox} does not exist. Create it and drop log files (*.json, *.json.gz, *.json.bz2, one event "
            "a line) into it, or point ENCORE_LOGS at the folder that holds them."
        )
    found = storage.listing(inbox, _is_hidden)
    files = [LogFile(name, info.size, info.mtime_ns or 0) for name, info in found.files if is_log_file(name)]
    others = {name: NO_LOG_NAME for name, _ in found.files} | found.unreadable
    named = sorted(name for name in others if not is_log_file(name) and not _is_unfinished(name))
    unread = {name: why for name, why in found.unreadable.items() if is_log_file(name)}
    return Inbox(files, unread, {printable(name): others[name] for name in named})


def printable(name: str) -> str:
    """Return a name as it can be shown and stored: what cannot is escaped."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in name)


def settled(files: Sequence[LogFile], now: datetime, quiet: timedelta) -> list[LogFile]:
    """Leave out files touched within `quiet` before `now`, or after it: somebody may still be writing them."""
    latest = int((now.astimezone(UTC) - quiet).timestamp() * 1e9)
    return [file for file in files if file.modified_ns <= latest]


def ahead(files: Sequence[LogFile], now: datetime, quiet: timedelta) -> list[LogFile]:
    """Files touched more than `quiet` after `now`: by another clock, so that no wait makes them settled."""
    earliest = int((now.astimezone(UTC) + quiet).timestamp() * 1e9)
    return [file for file in files if file.modified_ns > earliest]
