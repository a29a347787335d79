"""Each rule alone, at its bounds, and which of two reasons is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from spark_assets.ingest.validation import EARLIEST, TimeBounds, is_logged_out, reasons, to_events
from spark_assets.lake.schema import EVENT_SCHEMA, RAW_SCHEMA
from tests.spark_assets.ingest.samples import NOON, NOW, line, rows_of

BOUNDS = TimeBounds.up_to(NOW)
FIRST_MS = int(EARLIEST.timestamp() * 1000)
END_MS = int((NOW + timedelta(days=2)).timestamp() * 1000)


LONGEST = {
    "page": 255, "auth": 255, "level": 255, "location": 500, "lastName": 255, "firstName": 255, "gender": 255,
    "artist": 1_000, "song": 1_000,
}  # fmt: skip


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
        ({"length": -0.001}, "length out of range"),
        ({"length": 0}, None),
        ({"length": None}, None),
        ({"sessionId": 1.5}, "wrong type: sessionId"),
        ({"sessionId": 2**53}, None),
        ({"length": 86_400}, None),
        ({"length": 86_400.5}, "length out of range"),
        ({"length": 1e300}, "length out of range"),
        ({"sessionId": 2**53 + 2}, "sessionId out of range"),
        ({"sessionId": -1}, "sessionId out of range"),
        ({"sessionId": None}, None),
        ({"itemInSession": 0.25}, "wrong type: itemInSession"),
        ({"itemInSession": 10_000_000}, None),
        ({"itemInSession": 10_000_001}, "itemInSession out of range"),
        ({"itemInSession": -1}, "itemInSession out of range"),
        ({"itemInSession": 1e300}, "itemInSession out of range"),
        ({"status": -1e300}, None),  # a key that is not read
        ({"userId": ""}, "missing userId"),
        ({"userId": None}, "missing userId"),
        ({"userId": "  "}, "missing userId"),
        ({"userId": "", "auth": None}, "missing userId"),
        ({"userId": "", "auth": "Logged Out"}, None),
        ({"userId": None, "auth": "Guest"}, None),
        ({"userId": "0"}, None),
        ({"userId": "x" * 128}, None),
        ({"userId": "\U0001f3b5" * 128}, None),
        ({"userId": "x" * 129}, "text too long: userId"),
        ({"userId": 10**200}, "text too long: userId"),
        ({"userId": "."}, None),
        ({"userId": ".."}, None),
        ({"userId": "a|b+c/d e%#?é„…"}, None),
        ({"userId": "a\tb"}, "control character: userId"),
        ({"userId": "a\x7fb"}, "control character: userId"),
        ({"userId": "a\x85b"}, "control character: userId"),
        ({"userId": "a\u2028b"}, "control character: userId"),
        ({"userId": "a\u202eb"}, "control character: userId"),
        ({"userId": "\x00"}, "control character: userId"),
        ({"song": "a\x00b"}, "control character: song"),
        ({"song": "Howlin\x19 For You", "artist": "a\tb"}, None),
        ({"lastName": "a\nb"}, "control character: lastName"),
        ({"lastName": "JosÃ\x83"}, None),  # UTF-8 read as Latin-1, as logs of the field hold it
        ({"userAgent": "x" * 5_000 + "\x00"}, None),  # of which the device family stays
        *(({key: "é" * most}, None) for key, most in LONGEST.items()),
        *(({key: "é" * (most + 1)}, f"text too long: {key}") for key, most in LONGEST.items()),
    ],
)
def test_each_rule(changes: dict[str, Any], expected: str | None) -> None:
    assert reason_of(**changes) == expected


@pytest.mark.parametrize("outer", [" ", "\t", "\u00a0", "\u3000", "\r\n"])
def test_blanks_around_a_customer_number_are_no_part_of_it(outer: str) -> None:
    table = rows({"userId": f"{outer}900 098{outer}{outer}"}, {})
    assert table["userId"].to_pylist() == ["900 098", "300001"]
    assert reasons(table, BOUNDS).to_pylist() == [None, None]


def test_a_column_cut_out_of_a_longer_one_is_judged_by_its_own_texts() -> None:
    table = rows({"song": "\x00"}, {}, {"userId": " 7 "})
    assert reasons(table.slice(1, 1), BOUNDS).to_pylist() == [None]
    assert reasons(table.slice(0, 1), BOUNDS).to_pylist() == ["control character: song"]


def test_the_first_rule_that_objects_is_named() -> None:
    everything = {
        "ts": None, "page": "", "registration": 1, "length": -1, "sessionId": 0.5, "itemInSession": 0.5, "userId": "",
    }  # fmt: skip
    in_order = [
        ("missing ts", {"ts": NOON}),
        ("missing page", {"page": "Home"}),
        ("registration out of range", {"registration": None}),
        ("wrong type: sessionId", {"sessionId": -1}),
        ("wrong type: itemInSession", {"itemInSession": 1}),
        ("sessionId out of range", {"sessionId": 1}),
        ("length out of range", {"length": 1}),
        ("missing userId", {"userId": "1"}),
    ]
    for reason, mended in in_order:
        assert reason_of(**everything) == reason
        everything |= mended
    assert reason_of(**everything) is None


def test_each_row_has_its_own_reason() -> None:
    table = rows({}, {"ts": None}, {"length": -1}, {})
    assert reasons(table, BOUNDS).to_pylist() == [None, "missing ts", "length out of range", None]


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
