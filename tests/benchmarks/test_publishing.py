"""Publishing a million customers (`BENCH_PUBLISHED`) while three readers poll: rows a second, and readers' waits."""

import heapq
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg2
from django.conf import settings

from tests.benchmarks.measuring import ROOT, measure, table
from tests.benchmarks.readers import Read
from tests.webportal.browser import harness
from webportal.customers.listing.paging import PAGE_SIZE

READERS = 3
WAITING = (
    "select coalesce(wait_event_type || ': ' || wait_event, 'nothing, it worked') from pg_stat_activity "
    "where application_name = 'reader' and state = 'active'"
)
_ASK_SECONDS = 0.02
_SLOWEST = 5
_HEAD = ("while the publisher is at", "seconds", "reads", "median, ms", "p99, ms", "slowest, ms")

Turn = dict[str, Any]
Look = tuple[float, list[str]]
"""When Postgres was asked, and what each reader who was at work there waited for."""


def test_publishing_while_readers_poll(workshop: Path) -> None:
    """Goals: no mixture, no empty page, no wait over 100 ms."""
    customers = int(os.environ.get("BENCH_PUBLISHED", "1000000"))
    with harness.scratch_database(harness.url_of(settings.DATABASES["default"])) as url:
        environment = harness.portal_environment(url)
        harness.manage(environment, "migrate", "-v", "0")
        reads: list[Read] = []
        looks: list[Look] = []
        with sampling(url, looks), polling(environment, customers, workshop, reads):
            command = ["nice", "-n", "10", sys.executable, "-m", "tests.benchmarks.publishing"]  # as `make up` does
            command += [str(workshop / f"customers-{customers}"), str(customers)]
            done = measure(command, {"DATABASE_URL": url, "PUBLISH_DATABASE_URL": ""})
    turns: list[Turn] = done.told
    table(f"Publishing {customers:,} customers; peak MB of Java {done.peak_mb['java']:.0f}", _rates(turns))
    for turn in turns:
        table(f"{READERS} readers, {turn['level']}: snapshot {turn['snapshot_id']}", _waits(turn, reads))
    table("All reads", [_HEAD, _row("all", reads[0].began, reads[-1].ended, reads)])
    mixed, empty = _mixed(turns, reads), [read for read in reads if read.rows <= PAGE_SIZE]
    figures = [("reads", "mixtures", "empty or short", "looks at them", "at which one waited for a lock")]
    waited = sum(any(wait.startswith("Lock") for wait in waits) for _, waits in looks)
    table("What they saw", [*figures, tuple(map(str, (len(reads), len(mixed), len(empty), len(looks), waited)))])
    table("The slowest reads", _slowest(reads, looks))
    assert {read.snapshot_id for read in reads} == {turn["snapshot_id"] for turn in turns}
    assert mixed == []
    assert empty == []


@contextmanager
def polling(environment: dict[str, str], customers: int, workshop: Path, reads: list[Read]) -> Iterator[None]:
    """Have readers poll until the block ends; then `reads` has what they read, in the order of time."""
    stop = workshop / "stop"
    stop.unlink(missing_ok=True)
    outs = [workshop / f"reads-{number}.json" for number in range(READERS)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.readers", str(customers), str(number), str(stop), str(out)],
            cwd=ROOT,
            env={**environment, "PGAPPNAME": "reader"},
        )
        for number, out in enumerate(outs)
    ]
    try:
        yield
    finally:
        stop.touch()
        codes = [process.wait(timeout=60) for process in processes]
    assert codes == [0] * READERS
    found = [Read(**read) for out in outs for read in json.loads(out.read_text())]
    reads += sorted(found, key=lambda read: read.began)


@contextmanager
def sampling(url: str, looks: list[Look]) -> Iterator[None]:
    """Ask again and again what readers wait for, until the block ends."""
    ended = threading.Event()

    def ask() -> None:
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while not ended.wait(_ASK_SECONDS):
                cursor.execute(WAITING)
                looks.append((time.monotonic(), [wait for (wait,) in cursor.fetchall()]))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=30)


def _rates(turns: list[Turn]) -> list[tuple[str, ...]]:
    rows = [("publish", "seconds", "rows a second", "bytes a row", "of its indexes", "snapshots dropped")]
    for turn in turns:
        seconds = turn["ended"] - turn["started"]
        sizes = (f"{turn[name] / turn['rows']:,.0f}" for name in ("heap_bytes", "index_bytes"))
        rate = f"{turn['rows'] / seconds:,.0f}"
        rows.append((turn["level"], f"{seconds:.1f}", rate, *sizes, str(len(turn["dropped"]))))
    return rows


def _waits(turn: Turn, reads: list[Read]) -> list[tuple[str, ...]]:
    """One row a part of the publish, of the reads that were under way in it."""
    begins = [at for _, at in turn["began"]]
    parts = zip((part for part, _ in turn["began"]), begins, [*begins[1:], turn["ended"]], strict=True)
    return [_HEAD, *(_row(part, begin, end, reads) for part, begin, end in parts)]


def _row(part: str, begin: float, end: float, reads: list[Read]) -> tuple[str, ...]:
    waits = [1_000 * read.wait for read in reads if read.began <= end and read.ended >= begin]
    figures = [f"{figure:.1f}" for figure in (*np.percentile(waits, [50, 99]), max(waits))] if waits else ["-"] * 3
    return (part, f"{end - begin:.2f}", str(len(waits)), *figures)


def _slowest(reads: list[Read], looks: list[Look]) -> list[tuple[str, ...]]:
    """The reads that took longest, and what readers waited for meanwhile."""
    rows: list[tuple[str, ...]] = [("ms", "pointer, customer, page", "what readers waited for, by looks")]
    for read in heapq.nlargest(_SLOWEST, reads, key=lambda read: read.wait):
        seen = Counter(wait for at, waits in looks if read.began <= at <= read.ended for wait in waits)
        parts = ", ".join(f"{1_000 * seconds:.0f}" for seconds in read.seconds)
        rows.append((f"{1_000 * read.wait:.0f}", parts, ", ".join(f"{wait} ({n})" for wait, n in seen.most_common())))
    return rows


def _mixed(turns: list[Turn], reads: list[Read]) -> list[Read]:
    """Reads whose rows are not all of the pointer's snapshot as it was published."""
    published = {turn["snapshot_id"]: [[turn["snapshot_id"], turn["level"]]] for turn in turns}
    return [read for read in reads if read.rows and read.told != published.get(read.snapshot_id)]
