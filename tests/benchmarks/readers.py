"""Somebody who reads what is published as the portal does, until told to stop: `python -m tests.benchmarks.readers`.

Each is a process of its own, as a worker of the portal is, so that it waits for Postgres and for a core but not for
the publisher's Python.
"""

import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import django

PAUSE_SECONDS = 0.05
"""Between two reads: what holds one up for 100 ms meets each reader."""


@dataclass(frozen=True)
class Read:
    """A pointer, one customer by number with all kept scores, and the first page of the list by risk."""

    began: float
    """By `time.monotonic`, which all processes of a machine share."""
    seconds: tuple[float, float, float]
    """Waited for each of the three."""
    snapshot_id: int
    """Of the pointer."""
    rows: int
    """Customers found: one, and those of the page."""
    told: list[tuple[int, str]]
    """Distinct snapshots and levels of these."""

    @property
    def wait(self) -> float:
        """Seconds of the whole."""
        return sum(self.seconds)

    @property
    def ended(self) -> float:
        """When the last row was there."""
        return self.began + self.wait


def main(customers: int, seed: int, stop: str, out: str) -> None:
    """Read until the file `stop` is there, then write the reads to `out`; nothing counts before the first publish."""
    django.setup()
    from webportal.accounts.models import User
    from webportal.customers.listing.fields import Filters
    from webportal.customers.listing.paging import Order, Wanted, list_page
    from webportal.customers.selectors import get_current_snapshot, get_customer_with_scores

    viewer, wanted = User(username="reader"), Wanted(Filters(), Order.RISK)
    dice = random.Random(seed)  # noqa: S311 - sample data
    reads = []
    while not Path(stop).exists():
        time.sleep(PAUSE_SECONDS)
        times = [time.monotonic()]
        snapshot = get_current_snapshot()
        times.append(time.monotonic())
        if snapshot is None:
            continue
        customer = get_customer_with_scores(viewer, snapshot, str(dice.randrange(customers)))
        times.append(time.monotonic())
        page = list_page(viewer, snapshot, wanted)
        times.append(time.monotonic())
        rows = [*page.customers, *([customer[0]] if customer else [])]
        waits = (times[1] - times[0], times[2] - times[1], times[3] - times[2])
        told = sorted({(row.snapshot_id, str(row.level)) for row in rows})
        reads.append(Read(times[0], waits, snapshot.pk, len(rows), told))
    Path(out).write_text(json.dumps([asdict(read) for read in reads]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
