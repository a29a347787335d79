"""Log files of the inbox and those not ingested yet. Needs no Spark, so a sensor can ask often."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spark_assets.errors import EncoreError, MissingInboxError
from spark_assets.ingest.left_out import load_left_out
from spark_assets.ingest.validation import TimeBounds
from spark_assets.lake import storage
from spark_assets.lake.ledger import Ledger, LogFile

LOG_SUFFIXES = (".json", ".json.gz", ".json.bz2")
UNFINISHED_SUFFIXES = (".part", ".tmp")
"""Of files that somebody still writes, as the parts of a name that begin with `.` or `_` are."""

NO_LOG_NAME = f"its name ends in none of {', '.join(LOG_SUFFIXES)}"


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


class ClockError(EncoreError):
    """The machine's clock is behind what was ingested."""


def check_clock(ledger: Ledger, now: datetime) -> None:
    """Refuse to ingest by a clock that contradicts the lake.

    Raises:
        ClockError: the lake holds an event that `now` would not believe; the text names clock, event and batch.
    """
    latest = TimeBounds.up_to(now).latest
    for entry in ledger.batches:
        times = [datetime.fromisoformat(file["last_at"]) for file in entry["files"] if file["last_at"]]
        if times and max(times).timestamp() * 1_000 >= latest:
            raise ClockError(
                f"This machine's clock says {now:%Y-%m-%d %H:%M} UTC, but batch {entry['batch']} holds an event of "
                f"{max(times):%Y-%m-%d %H:%M}. Set the clock, then run again. If the clock is right, it was ahead when "
                f"that batch was ingested: launch the job withdraw_batch with batch {entry['batch']} first."
            )


STILL_WRITTEN = "it was still being written when the last run read the inbox"


@dataclass(frozen=True)
class Waiting:
    """New log files: names of those ready, how many are still being written, and a fingerprint of the ready ones."""

    ready: list[str]
    unsettled: int
    fingerprint: str


def waiting_files(inbox: str, lake: str, now: datetime, quiet: timedelta) -> Waiting:
    """Log files that no batch holds yet; those touched within `quiet` of `now` are still being written.

    A file from the future counts as ready: ingest watches it for a while before it reads it. One that was found
    damaged waits for nothing until it changes.

    Raises:
        MissingInboxError: the inbox does not exist.
    """
    unknown = load_left_out(lake).without_damaged(Ledger.load(lake).unknown(discover(inbox)))
    found = {*settled(unknown, now, quiet), *ahead(unknown, now, quiet)}
    ready = [file for file in unknown if file in found]
    identity = "\n".join(f"{file.name}\t{file.size}\t{file.modified_ns}" for file in ready)
    return Waiting(
        [file.name for file in ready], len(unknown) - len(ready), hashlib.sha256(identity.encode()).hexdigest()
    )


def left_out_files(inbox: str, lake: str) -> dict[str, str]:
    """Return what lies in the inbox and is not ingested, by name with the reason.

    That is: other names and what cannot be read as a file, as they lie there now; files that the last ingest found
    damaged, unless they have changed since; files that it found still growing.

    Raises:
        MissingInboxError: the inbox does not exist.
    """
    found, known = look_into(inbox), load_left_out(lake)
    names = {file.name for file in found.files}
    changed = {file.name for file in known.without_damaged(found.files)}
    reasons = {name: STILL_WRITTEN for name in known.unsettled if name in names}
    reasons |= {name: why for name, why in known.reasons.items() if name in names - changed}
    reasons |= found.unreadable
    return dict(sorted(({printable(name): why for name, why in reasons.items()} | found.passed_over).items()))
