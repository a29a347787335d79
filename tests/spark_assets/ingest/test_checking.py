"""Each rule alone, at its bounds, and which of two reasons is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from spark_assets.ingest.checking import EARLIEST, TimeBounds, is_logged_out, reasons, to_events
from spark_assets.ingest.schema import EVENT_SCHEMA, RAW_SCHEMA
from tests.spark_assets.ingest.samples import NOON, NOW, line, rows_of

BOUNDS = TimeBounds.up_to(NOW)
FIRST_MS = int(EARLIEST.timestamp() * 1000)
END_MS = int((NOW + timedelta(days=2)).timestamp() * 1000)


def rows(*changes: dict[str, Any]) -> pa.Table:
    return rows_of([line(**change) for change in changes])


def reason_of(**changes: Any) -> str | None:  # noqa: ANN401 - JSON is any
    reason: str | None = reasons(rows(changes), BOUNDS)[0].as_py()
    return reason


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"ts": None}, "missing ts"),
        ({"ts": ""}, "missing ts"),
        ({"page": None}, "missing page"),
        ({"page": ""}, "missing page"),
        ({"page": " \t\u3000"}, "missing page"),
        ({"ts": FIRST_MS}, None),
        ({"ts": FIRST_MS - 1}, "ts out of range"),
        ({"ts": END_MS - 1}, None),
        ({"ts": END_MS}, "ts out of range"),
        ({"ts": 0}, "ts out of range"),
        ({"ts": NOON / 1000}, "ts out of range"),
        ({"registration": FIRST_MS}, None),
        ({"registration": FIRST_MS - 1}, "registration out of range"),
        ({"registration": END_MS}, "registration out of range"),
        ({"registration": None}, None),
        ({"registration": NOON + 1}, None),
        ({"length": -0.001}, "negative length"),
        ({"length": 0}, None),
        ({"length": None}, None),
        ({"sessionId": 1.5}, "wrong type: sessionId"),
        ({"sessionId": 2**53}, None),
        ({"sessionId": 2**53 + 2}, "wrong type: sessionId"),
        ({"sessionId": -(2**54)}, "wrong type: sessionId"),
        ({"sessionId": None}, None),
        ({"itemInSession": 0.25}, "wrong type: itemInSession"),
        ({"userId": ""}, "missing userId"),
        ({"userId": None}, "missing userId"),
        ({"userId": "  "}, "missing userId"),
        ({"userId": "", "auth": None}, "missing userId"),
        ({"userId": "", "auth": "Logged Out"}, None),
        ({"userId": None, "auth": "Guest"}, None),
        ({"userId": "0"}, None),
    ],
)
def test_each_rule(changes: dict[str, Any], expected: str | None) -> None:
    assert reason_of(**changes) == expected


def test_the_first_rule_that_objects_is_named() -> None:
    everything = {
        "ts": None, "page": "", "registration": 1, "length": -1, "sessionId": 0.5, "itemInSession": 0.5, "userId": "",
    }  # fmt: skip
    in_order = [
        ("missing ts", {"ts": NOON}),
        ("missing page", {"page": "Home"}),
        ("registration out of range", {"registration": None}),
        ("negative length", {"length": 1}),
        ("wrong type: sessionId", {"sessionId": 1}),
        ("wrong type: itemInSession", {"itemInSession": 1}),
        ("missing userId", {"userId": "1"}),
    ]
    for reason, mended in in_order:
        assert reason_of(**everything) == reason
        everything |= mended
    assert reason_of(**everything) is None


def test_each_row_has_its_own_reason() -> None:
    table = rows({}, {"ts": None}, {"length": -1}, {})
    assert reasons(table, BOUNDS).to_pylist() == [None, "missing ts", "negative length", None]


def test_no_rows_have_no_reasons() -> None:
    nothing = pa.Table.from_pylist([], schema=RAW_SCHEMA)
    assert len(reasons(nothing, BOUNDS)) == 0
    assert to_events(nothing, 0).schema == EVENT_SCHEMA


def test_bounds_leave_two_days_grace() -> None:
    bounds = TimeBounds.up_to(datetime(2019, 1, 1, tzinfo=UTC))
    assert bounds == TimeBounds(1_104_537_600_000, 1_546_473_600_000)


def test_logged_out_and_guest_belong_to_no_customer() -> None:
    table = rows(
        {"auth": "Logged Out"}, {"auth": "Guest"}, {"auth": "Logged In"}, {"auth": "Cancelled"}, {"auth": None}
    )
    assert is_logged_out(table).to_pylist() == [True, True, False, False, False]


def test_events_have_their_types_and_whole_milliseconds() -> None:
    odd = {"ts": NOON + 0.75, "sessionId": 2**53, "registration": "1538331630000.0", "length": 7}
    events = to_events(rows(odd), source=3)
    assert events.schema == EVENT_SCHEMA
    row = events.to_pylist()[0]
    assert row["event_at"] == datetime(2018, 12, 1, 12, tzinfo=UTC)
    assert row["session_id"] == 2**53
    assert row["registered_at"] == datetime(2018, 9, 30, 18, 20, 30, tzinfo=UTC)
    assert row["length"] == 7.0
    assert (row["user_id"], row["device"], row["source"]) == ("300001", "Other", 3)
