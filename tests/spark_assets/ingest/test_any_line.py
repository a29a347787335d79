"""Whatever a line holds, it is kept, logged out or quarantined, and all that is kept can be published."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import LOG_FIELDS
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams, StepResult
from tests.spark_assets.ingest.samples import NOON, drop, event, line, text
from tests.spark_assets.publishing.conftest import (  # noqa: F401 - fixtures
    database,
    migrated,
    run_sql,
    server,
)

STEPS = ("ingest_logs", "daily_activity", "user_features", "training_examples", "trained_model", "churn_scores")
LIGATURE, ACCENTS = "\ufdfa", "e\u0301"
"""Eighteen letters once taken apart for the search; a letter and a mark."""


def wide(count: int, seed: int = 1) -> str:
    """Return characters of four bytes in UTF-8, in an order that no index can compress."""
    drawn = Random(seed)  # noqa: S311 - texts of a test
    return "".join(chr(drawn.randrange(0x20000, 0x2A000)) for _ in range(count))


def escaped(**changes: object) -> bytes:
    """Return a log line with `changes`, in ASCII alone: it may hold what is no UTF-8."""
    return json.dumps(event(**changes)).encode()


HOSTILE = [
    *(
        line(
            userId=f"{wide(127)}{n}", level=wide(255), location=wide(500), gender=wide(255), firstName=wide(255, 2),
            lastName=wide(255, 3), page=wide(255), auth=wide(255), artist=wide(1_000), song=wide(1_000, 2),
        )
        for n in "12"
    ),
    line(userId="region", location="x, " + wide(497, 4)),
    line(userId="ligature", firstName=LIGATURE * 255, lastName=LIGATURE * 255, location=", " + LIGATURE * 498),
    line(userId="accents", firstName=ACCENTS * 127, lastName=ACCENTS * 127, page="é" * 255, auth="é" * 255),
    *(line(userId=number) for number in (".", "..", " 1 ", "a|b", "a/b+c d", "%2e%2e", "'; --", "\\N", '"', "é", "{}")),
    line(userId="long", length=86_400, itemInSession=10_000_000, sessionId=2**53),
    line(userId="agent", userAgent="\x00" * 3_000),
    line(userId="early", ts=1_104_537_600_000, registration=1_104_537_600_000),
    line(userId="left", page="Cancellation Confirmation"),
    line(userId="x" * 3_000), line(location="x" * 6_000), line(lastName="x" * 3_024), line(userId="\x00"),
    line(lastName="a\x00b"), escaped(lastName="\ud800"), escaped(userId="\udfff"), line(length=1e300), line(length=-1),
    line(length=float("nan")), line(length=float("inf")), line(itemInSession=-(10**30)), line(sessionId=1e300),
    line(userId=1e300), line(userId=10**40), line(ts=1e300), line(registration=-1e300), line(level="x" * 2_700),
    line() * 3, b"[" + line() + b"]", b"\x1e" + line(), line() + b"\r" + line(), b"\xff", b"{" * 3_000,
]  # fmt: skip

QUARANTINED = {
    "text too long: userId": 2, "text too long: location": 1, "text too long: lastName": 1, "text too long: level": 1,
    "control character: userId": 1, "control character: lastName": 1, "lone surrogate: lastName": 1,
    "lone surrogate: userId": 1, "length out of range": 2, "wrong type: length": 2, "itemInSession out of range": 1,
    "sessionId out of range": 1, "ts out of range": 1, "registration out of range": 1, "JSON array": 1,
    "invalid UTF-8": 1, "broken JSON": 1,
}  # fmt: skip

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from([NOON, "Guest"]),
        st.builds(lambda letter, count: letter * count, st.characters(), st.integers(0, 1_200)),
        st.sampled_from([1e300, -1e300, 2**53, 2**63, 10**40, "1e999", "Infinity", " 7 ", "\x00", "\ud800"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip
changed_events = st.dictionaries(st.sampled_from([field.key for field in LOG_FIELDS]), values, max_size=3)
lines = st.one_of(
    changed_events.map(lambda changes: escaped(**changes)),
    st.lists(changed_events, min_size=2, max_size=3).map(lambda many: b"".join(escaped(**changes) for changes in many)),
    values.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")),
)


@contextmanager
def home(spark: SparkSession, url: str, content: bytes) -> Iterator[dict[str, StepResult]]:
    """Run every step on one log file, up to the published snapshot; yields the results by step."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("PUBLISH_DATABASE_URL", "")
        patch.setenv("ENCORE_PSEUDONYM_KEY", "a key of this test, and long enough to be one")
        drop(Path(folder, "inbox"), "log.json", content)
        params = replace(StepParams(f"{folder}/inbox", f"{folder}/lake"), quiet_seconds=0)
        yield {step: run_step(step, spark, params) for step in (*STEPS, "portal_snapshot")}
        ledger = Ledger.load(params.lake)
        for file in ledger.batches[0]["files"]:
            found = file["kept"] + file["repeated"] + file["logged_out"] + sum(file["quarantined"].values())
            assert found == file["read"]


def published(url: str) -> set[str]:
    return {str(number) for (number,) in run_sql(url, "SELECT customer_number FROM current_customer")}


def test_the_longest_and_oddest_values_that_are_kept_are_published(spark: SparkSession, database: str) -> None:  # noqa: F811
    with home(spark, database, text(HOSTILE)) as results:
        numbers = published(database)
        total = results["ingest_logs"].facts["total"]
    assert {
        wide(127) + "1",
        "ligature",
        "accents",
        ".",
        "..",
        "1",
        "a|b",
        "\\N",
        "long",
        "agent",
        "region",
        str(10**40),
    } <= numbers
    assert total["quarantined_by_reason"] == QUARANTINED


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(lines, min_size=40, max_size=80))
def test_any_line_of_random_json_has_its_fate_and_stops_nothing(
    spark: SparkSession,
    database: str,  # noqa: F811
    found: list[bytes],
) -> None:
    with home(spark, database, text([line(userId="known"), *found])) as results:
        assert "known" in published(database)
        assert results["portal_snapshot"].rows == len(published(database))
