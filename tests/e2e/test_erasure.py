"""After an erasure and the next run nothing of the person is left in the lake, in Postgres and in Dagster's storage."""

import base64
import gzip
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from spark_assets.steps.runner import run_step
from tests.e2e.lakes import params
from tests.e2e.thread import Encore, encore
from tests.spark_assets.ingest.samples import drop, text
from tests.webportal.browser.harness import manage

pytestmark = pytest.mark.slow("five whole runs, then a search of every file and table")

NUMBER, FIRST, LAST, MARK = "8675309", "Xanthippe", "Quetzalcóatl", "zeppelin-mark"
PERSON = re.compile(rb"8675309|8\.675309e6|\\u00386|xanthippe|quetzalc|\\u0051uetzal|zeppelin-mark", re.IGNORECASE)
BY_DESIGN = {"erased_customer", "audit_event"}
"""The list itself, and the record of who looked and who erased, which hold the number alone."""
BAD_LINES = [
    f'{{"userId":{NUMBER}.0,"song":"{MARK}"}}',
    f'{{"userId":8.675309e6,"song":"{MARK}"}}',
    f'{{"userId":"\\u0038{NUMBER[1:]}","song":"{MARK}"}}',
    f'{{"userId":"{NUMBER}","song":"{MARK}"',
    f'{{"page":null,"firstName":"{FIRST}","lastName":"\\u0051uetzalc\\u00f3atl","song":"{MARK}"}}',
    f"a note on {NUMBER}: {MARK}",
]

Event = dict[str, Any]


def _simulated(made: Encore) -> list[Event]:
    """Events of 50 listeners of 20 days, the busiest of whom who stays is the person.

    Too few to train on: for scores and their kept versions see `tests/spark_assets/erasure/test_tables.py`.
    """
    made.simulate(users=50, days=20, seed=7)
    events: list[Event] = []
    for path in sorted(made.inbox.glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            events += map(json.loads, stream)
        path.unlink()
    left = {event["userId"] for event in events if event["page"] == "Cancellation Confirmation"}
    (busiest, _), *_ = Counter(e["userId"] for e in events if e["userId"] and e["userId"] not in left).most_common(1)
    for event in events:
        if event["userId"] == busiest:
            event.update(userId=NUMBER, firstName=FIRST, lastName=LAST)
            event.update({"song": MARK} if event["page"] == "NextSong" and event["ts"] % 7 == 0 else {})
    return events


def _drop(made: Encore, name: str, events: Sequence[Event], *bad: str) -> None:
    drop(made.inbox, name, text([json.dumps(event).encode() for event in events] + [line.encode() for line in bad]))


def _materialize(made: Encore) -> None:
    done = made.materialize()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def erased(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Encore, set[str]]]:
    """An Encore after three batches that overlap in days; one customer was erased before the last run, one during it.

    Yields it with the numbers of the customers in the logs.
    """
    with encore(tmp_path_factory.mktemp("erased")) as made:
        events = _simulated(made)
        last = max(event["ts"] for event in events)
        early = [event for event in events if event["ts"] < last - 3 * 86_400_000]
        _drop(made, "a.json", [event for place, event in enumerate(early) if place % 3], *BAD_LINES)
        _materialize(made)
        _drop(made, "b.json", [event for event in early if event["ts"] > last - 10 * 86_400_000], *BAD_LINES)
        _drop(made, "c.json", [event for event in events if event["ts"] < last - 86_400_000])
        for step in ("ingest_logs", "daily_activity", "user_features"):
            run_step(step, spark, params(made.inbox, made.lake))
        assert _found_in_files(made.lake)
        assert _found_in_database(made)
        manage(made.environment, "erase_person", NUMBER, f"--confirm={NUMBER}", "--reason=asked")
        _drop(made, "d.json", events, *BAD_LINES)
        numbers = {event["userId"] for event in events if event["userId"]}
        other = min(numbers - {NUMBER})
        meanwhile = threading.Thread(target=_erase_once_ingested, args=(made, other))
        meanwhile.start()
        _materialize(made)
        meanwhile.join()
        yield made, numbers - {NUMBER, other}


def _erase_once_ingested(made: Encore, number: str) -> None:
    until = time.monotonic() + 300
    while not (made.lake / "ledger/000003.json").exists() and time.monotonic() < until:
        time.sleep(0.2)
    manage(made.environment, "erase_person", number, f"--confirm={number}", "--reason=asked meanwhile")


def _found_in_files(folder: Path) -> list[str]:
    """Files that hold the person in their bytes or, if Parquet, in their values."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            rows = pq.ParquetFile(path).read().to_pylist()
            content += "\n".join(_plain(value) for row in rows for value in row.values()).encode()
        if PERSON.search(content):
            found.append(str(path.relative_to(folder)))
    return found


def _plain(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _found_in_database(made: Encore) -> set[str]:
    """Tables with a row that holds the person; values of the portal's cache are unpacked."""
    tables = [name for (name,) in made.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    found = set()
    for table in tables:
        rows = [row for (row,) in made.query(f'SELECT t::text FROM "{table}" t')]  # noqa: S608 - of the catalog
        if table == "portal_cache":
            rows += [
                base64.b64decode(value).decode("latin-1") for (value,) in made.query("SELECT value FROM portal_cache")
            ]
        if any(PERSON.search(row.encode()) for row in rows):
            found.add(table)
    return found


def test_the_lake_holds_nothing_of_the_person(erased: tuple[Encore, set[str]]) -> None:
    assert _found_in_files(erased[0].lake) == []


def test_postgres_holds_nothing_but_the_list_and_the_audit(erased: tuple[Encore, set[str]]) -> None:
    made, _ = erased
    assert _found_in_database(made) <= BY_DESIGN
    names = "SELECT count(*) FROM audit_event a WHERE a::text ~* %s"
    assert made.query(names, f"{FIRST}|{LAST}|{MARK}") == [(0,)]


def test_dagster_holds_nothing_of_the_person(erased: tuple[Encore, set[str]]) -> None:
    folder = erased[0].home / "dagster"
    assert list(folder.rglob("*.db"))
    assert _found_in_files(folder) == []


def test_an_erasure_during_the_run_leaves_that_customer_out_and_is_told(erased: tuple[Encore, set[str]]) -> None:
    made, numbers = erased
    assert {number for (number,) in made.query("SELECT customer_number FROM current_customer")} == numbers


def test_every_line_is_accounted_for(erased: tuple[Encore, set[str]]) -> None:
    ledger = [json.loads(path.read_text()) for path in sorted((erased[0].lake / "ledger").glob("0*.json"))]
    assert len(ledger) == 3
    files = [file for entry in ledger for file in entry["files"]]
    for file in files:
        counted = file["kept"] + file["repeated"] + file["logged_out"] + sum(file["quarantined"].values())
        assert file["read"] == counted + file["erased"]
    assert all(file["erased"] for file in files)
