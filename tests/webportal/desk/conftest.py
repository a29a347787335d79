"""A snapshot with known customers, none of them held out unless their row says so."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.webportal.publishing import Row, customer, publish
from webportal.accounts.models import User
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.desk.models import Channel, Outcome

NEVER_HELD = 9_999
ALWAYS_HELD = 0

Told = dict[str, Any]


def known(number: str, **changes: object) -> Row:
    return customer(number, **{"hold_out_draw": NEVER_HELD, **changes})


def told(outcome: Outcome = Outcome.KEPT, **changes: object) -> Told:
    """Return what a `ContactForm` gives when it is valid."""
    return {
        "channel": Channel.WE_CALLED,
        "offered": "",
        "outcome": outcome,
        "reason": "",
        "words": "",
        "at": None,
        **changes,
    }


def sent(**changes: object) -> Told:
    """Return what a browser sends of the form."""
    return {"token": str(uuid4()), "channel": "we called", "outcome": "kept", **changes}


@pytest.fixture
def list_of_six(db: None) -> Snapshot:
    """Six customers: two of high risk who pay, one who does not, one of medium and of low risk, one held out."""
    rows = [
        known("1", churn_probability=0.9),
        known("2", churn_probability=0.5),
        known("3", churn_probability=0.95, level="free"),
        known("4", churn_probability=0.15),
        known("5", churn_probability=0.05),
        known("6", churn_probability=0.99, hold_out_draw=ALWAYS_HELD),
    ]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(snapshot_id=publish(cursor, rows))


@pytest.fixture
def row_of(list_of_six: Snapshot, administrator: User) -> Callable[[str], CustomerColumns]:
    return lambda number: customers_visible_to(administrator, list_of_six).get(customer_number=number)
