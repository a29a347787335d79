from datetime import date

import pytest
from django.db import connection

from spark_assets.contracts.explanations import HOLD_OUT_DRAWS
from tests.webportal.publishing import customer, publish
from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.hold_out import draws_held_out, held_out, is_held_out
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to

ROWS = {
    "in": {"hold_out_draw": 999},
    "above the share": {"hold_out_draw": 1_000},
    "medium risk": {"hold_out_draw": 0, "churn_probability": 0.2},
    "cancelled": {"hold_out_draw": 0, "cancelled_on": date(2018, 11, 3)},
    "no draw": {"hold_out_draw": None},
    "not scored": {"hold_out_draw": 0, "churn_probability": None},
}


def test_a_share_holds_as_many_draws() -> None:
    assert [draws_held_out(percent) for percent in (0, 10, 50)] == [0, 1_000, 5_000]
    assert draws_held_out(100) == HOLD_OUT_DRAWS


def test_held_out_is_who_was_drawn_is_at_high_risk_and_has_not_left(administrator: User, snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        number = publish(cursor, [customer(name, **changes) for name, changes in ROWS.items()])
    current = Snapshot.objects.get(snapshot_id=number)
    customers = customers_visible_to(administrator, current)
    assert {row.customer_number for row in customers if is_held_out(row, 10)} == {"in"}
    assert {row.customer_number for row in customers.filter(held_out(10))} == {"in"}
    assert {row.customer_number for row in customers.exclude(held_out(10))} == set(ROWS) - {"in"}
    assert not any(is_held_out(row, 0) for row in customers)


@pytest.mark.django_db
def test_a_change_of_the_share_is_in_the_audit() -> None:
    desk = DeskSettings.objects.create(hold_out_percent=10)
    desk.hold_out_percent = 20
    desk.save()
    changes = AuditEvent.objects.get(kind=Kind.CHANGED).details["changes"]
    assert changes == {"hold_out_percent": [10, 20]}
