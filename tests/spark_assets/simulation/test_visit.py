import json
from collections import Counter
from itertools import pairwise
from typing import Any

from spark_assets.simulation.pages import METHOD_AND_STATUS

Event = dict[str, Any]

PLAIN_KEYS = ["ts", "userId", "sessionId", "page", "auth", "method", "status", "level", "itemInSession"]
PERSONAL_KEYS = ["location", "userAgent", "lastName", "firstName", "registration", "gender"]
SONG_KEYS = ["artist", "song", "length"]
WHOLE = {"ts", "sessionId", "status", "itemInSession", "registration"}

MEASURED_SHARES = {
    "NextSong": 79.01, "Home": 5.333, "Thumbs Up": 4.179, "Add to Playlist": 2.252, "Roll Advert": 1.612,
    "Add Friend": 1.472, "Logout": 1.206, "Login": 1.203, "Thumbs Down": 0.884, "Downgrade": 0.715, "Help": 0.595,
    "Settings": 0.571, "About": 0.372, "Upgrade": 0.211, "Error": 0.128, "Save Settings": 0.115,
    "Submit Upgrade": 0.0626, "Submit Downgrade": 0.0284, "Cancel": 0.0223, "Cancellation Confirmation": 0.0221,
}  # fmt: skip
"""Per cent of the lines of two months of logs with 1,050 listeners."""


def _sessions(history: list[Event]) -> list[list[Event]]:
    found: dict[int, list[Event]] = {}
    for event in history:
        found.setdefault(event["sessionId"], []).append(event)
    return list(found.values())


def test_keys_stand_in_log_order_and_absent_ones_are_absent(events: list[Event]) -> None:
    for event in events:
        expected = [
            *PLAIN_KEYS,
            *(PERSONAL_KEYS if event["userId"] else []),
            *(SONG_KEYS if event["page"] == "NextSong" else []),
        ]
        assert list(event) == expected


def test_types_are_as_logged(events: list[Event]) -> None:
    for event in events[:20_000]:
        for key, value in event.items():
            assert type(value) is (int if key in WHOLE else float if key == "length" else str), key
        assert event["ts"] % 1000 == 0


def test_method_and_status_follow_the_page(events: list[Event]) -> None:
    assert all((event["method"], event["status"]) == METHOD_AND_STATUS[event["page"]] for event in events)


def test_nobody_is_known_while_signed_out(events: list[Event]) -> None:
    assert {event["auth"] for event in events} == {"Logged In", "Logged Out", "Guest", "Cancelled"}
    assert all((event["userId"] == "") == (event["auth"] in {"Logged Out", "Guest"}) for event in events)
    assert {e["page"] for e in events if e["auth"] == "Logged Out"} == {"Home", "Login", "About", "Help", "Error"}
    assert {"Register", "Submit Registration"} <= {e["page"] for e in events if e["auth"] == "Guest"}
    assert {e["page"] for e in events if e["auth"] == "Cancelled"} == {"Cancellation Confirmation"}


def test_items_count_up_and_time_moves_on_within_a_session(histories: list[list[Event]]) -> None:
    for history in histories:
        assert all(before["ts"] < after["ts"] for before, after in pairwise(history))
        for session in _sessions(history):
            assert [event["itemInSession"] for event in session] == list(range(len(session)))
        numbers = [event["sessionId"] for event in history]
        assert numbers == sorted(numbers)


def test_logout_is_followed_by_signed_out_pages_until_the_login(histories: list[list[Event]]) -> None:
    for session in (session for history in histories for session in _sessions(history)):
        for before, after in pairwise(session):
            if before["page"] == "Logout":
                assert after["auth"] == "Logged Out"
            if before["auth"] == "Logged Out" and after["auth"] == "Logged In":
                assert before["page"] == "Login"


def test_level_changes_after_a_submit_and_at_no_other_page(histories: list[list[Event]]) -> None:
    changes = Counter(
        (before["page"], after["level"])
        for history in histories
        for before, after in pairwise(history)
        if before["level"] != after["level"]
    )

    assert set(changes) == {("Submit Upgrade", "paid"), ("Submit Downgrade", "free")}


def test_adverts_are_rare_on_the_paid_level(events: list[Event]) -> None:
    adverts = Counter(event["level"] for event in events if event["page"] == "Roll Advert")
    songs = Counter(event["level"] for event in events if event["page"] == "NextSong")

    assert adverts["paid"] / songs["paid"] < 0.004
    assert 0.06 < adverts["free"] / songs["free"] < 0.12


def test_songs_follow_their_length_unless_skipped(histories: list[list[Event]]) -> None:
    gaps = [
        ((after["ts"] - before["ts"]) / 1000, before["length"])
        for history in histories
        for before, after in pairwise(history)
        if before["page"] == after["page"] == "NextSong" and before["sessionId"] == after["sessionId"]
    ]

    assert all(gap <= length for gap, length in gaps)
    assert 0.90 < sum(gap > length - 1 for gap, length in gaps) / len(gaps) < 0.99


def test_page_shares_are_those_of_real_logs(events: list[Event]) -> None:
    counts = Counter(event["page"] for event in events)

    for page, measured in MEASURED_SHARES.items():
        share = 100 * counts[page] / len(events)
        assert measured / 1.5 < share < measured * 1.5, (page, share, measured)


def test_sessions_and_levels_are_those_of_real_logs(histories: list[list[Event]], events: list[Event]) -> None:
    known = [[e for e in s if e["userId"]] for history in histories for s in _sessions(history)]
    sizes = sorted(len(session) for session in known if session)
    minutes = sorted((session[-1]["ts"] - session[0]["ts"]) / 60_000 for session in known if session)

    assert 48 / 1.5 < sizes[len(sizes) // 2] < 48 * 1.5
    assert 201 / 1.5 < sizes[int(0.9 * len(sizes))] < 201 * 1.5
    assert 156 / 1.5 < minutes[len(minutes) // 2] < 156 * 1.5
    assert 0.65 < sum(event["level"] == "paid" for event in events) / len(events) < 0.87


def test_line_is_compact_json_in_plain_letters(lives: list[Any]) -> None:
    line = next(life.log.lines[0] for life in lives if life.log.lines)

    assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))
