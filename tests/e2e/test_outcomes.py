"""Who left within the horizon: the portal counts the customers that the model's label counts."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from pyspark.sql import SparkSession

from spark_assets.features.point_in_time import features_at, with_label
from spark_assets.publishing.customer_rows import days_of
from tests.spark_assets.features.frames import Row, at, daily_frame, day
from tests.webportal.publishing import customer, publish
from webportal.customers.hold_out import Arm, arms_of
from webportal.customers.models import Snapshot
from webportal.desk.measurement import measure
from webportal.desk.models import BandMeasure, Contact

pytestmark = pytest.mark.slow("a whole run")

AS_OF, HORIZON = date(2018, 12, 1), 14
CUT_OFF, LATER = AS_OF + timedelta(days=1), AS_OF + timedelta(days=40)


def on(days: int) -> date:
    return AS_OF + timedelta(days=days)


def cancels(days: int, **changes: object) -> Row:
    return day(on(days), events=3, leaving_pages=2, cancelled_at=at(on(days)), **changes)


LIVES = {
    "stays": [day(on(5))],
    "leaves on the first day": [cancels(1)],
    "leaves on the last day": [cancels(14)],
    "leaves too late": [cancels(15)],
    "leaves and returns within the horizon": [cancels(3), day(on(8))],
    "leaves and listens again that evening": [cancels(3, last_event_at=at(on(3), 22))],
    "leaves and returns after the horizon": [cancels(3), day(on(30))],
    "leaves, returns, and leaves after the horizon": [cancels(3), day(on(8)), cancels(30)],
    "left and returned before, and stays": [cancels(-9), day(on(-4)), day(on(5))],
    "leaves, returns, and has many errors": [cancels(3), *(day(on(n), errors=1, help_visits=1) for n in range(8, 40))],
}


@pytest.fixture(scope="module")
def published(spark: SparkSession) -> dict[str, tuple[bool, Row]]:
    """Of each life the label at the cut-off, and what a snapshot of a later day says of leaving."""
    rows = [{**row, "user_id": life} for life, days in LIVES.items() for row in [day(on(-20)), day(on(0)), *days]]
    daily = daily_frame(spark, rows)
    labels = with_label(features_at(daily, [CUT_OFF]), daily, HORIZON).collect()
    later = features_at(daily, [LATER + timedelta(days=1)]).join(days_of(daily, LATER), on="user_id", how="inner")
    told = {row["user_id"]: {name: row[name] for name in ("cancelled_on", "moments")} for row in later.collect()}
    return {row["user_id"]: (row["label"] == 1.0, told[row["user_id"]]) for row in labels}


@pytest.mark.django_db
@pytest.mark.parametrize("life", LIVES)
def test_the_portal_counts_whom_the_label_counts(published: dict[str, tuple[bool, Row]], life: str) -> None:
    has_left, told = published[life]
    assert has_left == (life.startswith("leaves") and life != "leaves too late")
    with connection.cursor() as cursor:
        first = publish(cursor, [customer(life, hold_out_draw=5_000)], as_of_date=AS_OF)
        second = publish(cursor, [customer(life, **told)], as_of_date=LATER)
    then, now = Snapshot.objects.get(pk=first), Snapshot.objects.get(pk=second)
    seen = {"snapshot_id": first, "as_of_date": AS_OF, "horizon_days": HORIZON}
    outcome = {"channel": "we called", "outcome": "kept", "risk_band": "high", "churn_probability": 0.4}
    Contact.objects.create(customer_number=life, token=uuid4(), **seen, **outcome)
    measure()
    arms = arms_of(then, now, draws=0, called_by="we called")
    assert arms.open_to_calls == arms.called == Arm(1, int(has_left))
    assert BandMeasure.objects.get().left == int(has_left)
