import json
from datetime import date

from webportal.customers.detail.timeline import read_activity
from webportal.customers.models import CustomerSnapshot, Snapshot

SNAPSHOT = Snapshot(as_of_date=date(2018, 12, 1))


def test_the_last_number_is_the_as_of_date() -> None:
    activity = read_activity(CustomerSnapshot(activity=json.dumps([0, 10, 40])), SNAPSHOT)
    assert activity is not None
    assert [(day.day, day.songs) for day in activity.days] == [
        (date(2018, 11, 29), 0),
        (date(2018, 11, 30), 10),
        (date(2018, 12, 1), 40),
    ]
    assert (activity.songs, activity.days_with_music, activity.end) == (50, 2, 40)


def test_bars_stand_on_the_ground_side_by_side() -> None:
    activity = read_activity(CustomerSnapshot(activity="[0, 10, 40]"), SNAPSHOT)
    assert activity is not None
    assert [(day.left, day.top, day.height) for day in activity.days] == [(0, 100, 0), (1, 75, 25), (2, 0, 100)]


def test_who_heard_nothing_has_an_empty_drawing_and_older_snapshots_have_none() -> None:
    silent = read_activity(CustomerSnapshot(activity="[0, 0]"), SNAPSHOT)
    assert silent is not None
    assert (silent.songs, silent.days_with_music, [day.height for day in silent.days]) == (0, 0, [0, 0])
    assert read_activity(CustomerSnapshot(activity=None), SNAPSHOT) is None
    assert read_activity(CustomerSnapshot(activity="[]"), SNAPSHOT) is None
