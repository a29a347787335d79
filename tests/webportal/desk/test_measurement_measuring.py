"""Counted once a snapshot, when its horizon has passed, with the share that held then."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import DeskSettings
from webportal.customers.models import Snapshot
from webportal.desk.measurement import Measured, measure
from webportal.desk.models import BandMeasure, Contact, HoldOutMeasure

FIRST = date(2018, 12, 1)
Publish = Callable[[int], Snapshot]


@pytest.fixture
def publish_after(db: None) -> Publish:
    """Publish two customers at risk, so many days after the first; number 2 leaves four days after the first."""

    def make(days: int) -> Snapshot:
        left = {"cancelled_on": FIRST + timedelta(days=4), "churn_probability": None} if days > 4 else {}
        rows = [customer("1", hold_out_draw=1_500), customer("2", hold_out_draw=5_000, **left)]
        with connection.cursor() as cursor:
            return Snapshot.objects.get(pk=publish(cursor, rows, as_of_date=FIRST + timedelta(days=days)))

    return make


def contact(number: str, snapshot: Snapshot, band: str = "high", **changes: object) -> Contact:
    seen = {"snapshot_id": snapshot.snapshot_id, "as_of_date": snapshot.as_of_date, "horizon_days": 14}
    told = {"channel": "we called", "outcome": "kept", "risk_band": band, "churn_probability": 0.4, **changes}
    return Contact.objects.create(customer_number=number, token=uuid4(), **seen, **told)


def test_nothing_is_counted_before_the_horizon_has_passed(publish_after: Publish) -> None:
    assert measure() is None
    first = publish_after(0)
    contact("2", first)
    assert measure() == Measured(0, 0)
    publish_after(13)
    assert measure() == Measured(0, 0)
    rows = HoldOutMeasure.objects.order_by("as_of_date").values_list("as_of_date", "hold_out_percent", "counted_at")
    assert list(rows) == [(FIRST, 10, None), (FIRST + timedelta(days=13), 10, None)]


def test_a_snapshot_is_counted_once_with_the_share_of_its_time(publish_after: Publish) -> None:
    desk = DeskSettings.objects.create(hold_out_percent=20)
    contact("2", publish_after(0))
    measure()
    desk.hold_out_percent = 10
    desk.save()
    publish_after(14)
    assert measure() == Measured(1, 1)
    row = HoldOutMeasure.objects.get(as_of_date=FIRST)
    assert (row.hold_out_percent, row.held_out, row.held_out_left) == (20, 1, 0)
    assert (row.open_to_calls, row.open_to_calls_left, row.called, row.called_left) == (1, 1, 1, 1)
    assert measure() == Measured(0, 1)
    assert HoldOutMeasure.objects.get(as_of_date=FIRST).counted_at == row.counted_at


def test_a_snapshot_that_was_dropped_is_left_uncounted(publish_after: Publish) -> None:
    first = publish_after(0)
    measure()
    publish_after(14)
    Snapshot.objects.filter(pk=first.pk).delete()
    assert measure() == Measured(0, 0)


def test_bands_count_each_customer_of_a_snapshot_once_by_the_last_word(publish_after: Publish) -> None:
    first = publish_after(0)
    contact("2", first, outcome="wrong alarm")
    contact("2", first, outcome="kept")
    contact("1", first, "medium", outcome="wrong alarm", churn_probability=0.2)
    contact("1", first, "medium", standing=False)
    contact("1", first, None, churn_probability=None)
    late = publish_after(14)
    contact("2", late)
    assert measure() == Measured(0, 2)
    rows = BandMeasure.objects.order_by("risk_band")
    found = [(row.risk_band, row.contacts, row.left, row.expected, row.wrong_alarms) for row in rows]
    assert found == [("high", 1, 1, 0.4, 0), ("medium", 1, 0, 0.2, 1)]
