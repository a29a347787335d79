"""What lies in the inbox and is not ingested yet; needs no Spark, so that a sensor can ask often."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from spark_assets.ingest.discovery import ahead, discover, settled
from spark_assets.ingest.ledger import Ledger


@dataclass(frozen=True)
class Waiting:
    """New log files: names of those ready, how many are still being written, and a fingerprint of the ready ones."""

    ready: list[str]
    unsettled: int
    fingerprint: str


def waiting_files(inbox: str, lake: str, now: datetime, quiet: timedelta) -> Waiting:
    """Log files that no batch holds yet; those touched within `quiet` of `now` are still being written.

    A file from the future counts as ready: ingest watches it for a while before it reads it.

    Raises:
        MissingInboxError: the inbox does not exist.
    """
    unknown = Ledger.load(lake).unknown(discover(inbox))
    found = {*settled(unknown, now, quiet), *ahead(unknown, now, quiet)}
    ready = [file for file in unknown if file in found]
    identity = "\n".join(f"{file.name}\t{file.size}\t{file.modified_ns}" for file in ready)
    return Waiting(
        [file.name for file in ready], len(unknown) - len(ready), hashlib.sha256(identity.encode()).hexdigest()
    )
