"""A machine's clock that is behind: by it, every newer log line would be refused as one from the future."""

from datetime import datetime

from spark_assets.errors import EncoreError
from spark_assets.ingest.checking import TimeBounds
from spark_assets.ingest.ledger import Ledger


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
