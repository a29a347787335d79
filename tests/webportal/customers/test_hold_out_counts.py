"""Counting one snapshot's customers at risk against the one that knows who left."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from tests.webportal.publishing import Row, customer, publish
from webportal.customers.hold_out import Arm, arms_of
from webportal.customers.models import Snapshot
from webportal.desk.models import Contact

THEN, LATER = date(2018, 12, 1), date(2018, 12, 20)
LAST_DAY, DAY_AFTER = date(2018, 12, 15), date(2018, 12, 16)
HELD, FREE = 5, 5_000


def at_risk(number: str, draw: int | None, **changes: object) -> Row:
    return customer(number, hold_out_draw=draw, **changes)


def gone(number: str, day: date) -> Row:
    return customer(number, cancelled_on=day, churn_probability=None)


@pytest.fixture
def snapshots(db: None) -> tuple[Snapshot, Snapshot]:
    before = [
        at_risk("held stays", HELD),
        at_risk("held leaves", HELD),
        at_risk("free stays", FREE),
        at_risk("free leaves on the last day", FREE),
        at_risk("free leaves too late", FREE),
        at_risk("drawn by an old snapshot", None),
        at_risk("medium", HELD, churn_probability=0.2),
        gone("gone before", THEN),
        at_risk("erased since", HELD),
    ]
    after = [
        at_risk("held stays", HELD),
        gone("held leaves", date(2018, 12, 2)),
        at_risk("free stays", FREE),
        gone("free leaves on the last day", LAST_DAY),
        gone("free leaves too late", DAY_AFTER),
        at_risk("drawn by an old snapshot", None),
        gone("medium", date(2018, 12, 2)),
        gone("gone before", THEN),
    ]
    with connection.cursor() as cursor:
        first = publish(cursor, before, as_of_date=THEN)
        second = publish(cursor, after, as_of_date=LATER)
    return Snapshot.objects.get(pk=first), Snapshot.objects.get(pk=second)


def call(number: str, channel: str = "we called", day: date = THEN, *, standing: bool = True) -> None:
    seen = {"snapshot_id": 1, "as_of_date": day, "horizon_days": 14, "outcome": "kept"}
    Contact.objects.create(customer_number=number, channel=channel, standing=standing, token=uuid4(), **seen)


def test_counts_each_arm_and_who_left_within_the_horizon(snapshots: tuple[Snapshot, Snapshot]) -> None:
    arms = arms_of(*snapshots, draws=1_000, called_by="we called")
    assert arms.held_out == Arm(customers=3, left=1)
    assert arms.open_to_calls == Arm(customers=4, left=1)
    assert arms.called == Arm(customers=0, left=0)


def test_called_are_those_whom_we_turned_to_by_scores_of_the_horizon(snapshots: tuple[Snapshot, Snapshot]) -> None:
    for _ in range(2):
        call("free stays")
    call("free leaves on the last day", day=date(2018, 12, 14))
    call("free leaves too late", day=LAST_DAY)
    call("drawn by an old snapshot", "they called")
    call("free leaves too late", standing=False)
    call("held stays")
    call("nobody")
    arms = arms_of(*snapshots, draws=1_000, called_by="we called")
    assert arms.called == Arm(customers=2, left=1)
    assert arms.held_out == Arm(customers=3, left=1)  # drawn is drawn, called by mistake or not


def test_without_bands_there_is_nobody_at_risk(snapshots: tuple[Snapshot, Snapshot]) -> None:
    then, now = snapshots
    then.summary["band_floors"] = {}
    assert arms_of(then, now, draws=1_000, called_by="we called").held_out == Arm(0, 0)
