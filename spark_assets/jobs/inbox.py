"""What lies in the inbox and is not ingested yet; needs no Spark, so that a sensor can ask often."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from spark_assets.ingest.discovery import ahead, discover, look_into, printable, settled
from spark_assets.ingest.ledger import Ledger
from spark_assets.ingest.left_out import load_left_out

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
