"""Measures recorded outcomes once a snapshot: counts, shares and their intervals at 95 percent."""

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from webportal.accounts.models import DeskSettings
from webportal.customers.extensions import FollowerResult, FollowerRun
from webportal.customers.hold_out import arms_of, draws_held_out, left_within
from webportal.customers.models import Snapshot
from webportal.customers.selectors import get_current_snapshot
from webportal.desk.models import BandMeasure, Channel, HoldOutMeasure, Outcome
from webportal.desk.services.tasks import close_cancelled

Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True)
class Interval:
    """Bounds, as shares."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval:
    """Return the score interval of a share; nothing is known of none."""
    if not of:
        return Interval(0.0, 1.0)
    share, square = hits / of, Z * Z
    middle = 2 * of * share + square
    reach = Z * sqrt(square + 4 * of * share * (1 - share))
    # rounding must not leave the bounds of a share
    low = max(0.0, (middle - reach) / (2 * (of + square)))
    high = min(1.0, (middle + reach) / (2 * (of + square)))
    return Interval(low, high)


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """Return the hybrid score interval of the first share minus the second; each is (hits, of), with `of` above 0."""
    share, other = first[0] / first[1], second[0] / second[1]
    one, two = wilson(*first), wilson(*second)
    difference = share - other
    below = sqrt((share - one.low) ** 2 + (two.high - other) ** 2)
    above = sqrt((one.high - share) ** 2 + (other - two.low) ** 2)
    return Interval(difference - below, difference + above)


@dataclass(frozen=True)
class Measured:
    """What one run counted: snapshots whose horizon has passed, and contacts whose end is known."""

    snapshots: int
    contacts: int


def follow(run: FollowerRun) -> FollowerResult:
    """Close the tasks of customers who cancelled and count outcomes, when it is due."""
    measured = None
    if run.snapshot is not None and run.is_due:
        close_cancelled(run.snapshot)
        measured = measure()
    counted = measured or Measured(0, 0)
    return FollowerResult(
        words=f"Counted {counted.snapshots} snapshots and {counted.contacts} contacts." if measured else "",
        is_news=measured is not None,
        facts={"counted_snapshots": counted.snapshots, "counted_contacts": counted.contacts},
    )


@transaction.atomic
def measure() -> Measured | None:
    """Note the share in force for the current snapshot, and count what can be counted; None before the first publish.

    A snapshot is counted once, when the current one knows all of its horizon. One that was never current while this
    ran is not counted: nobody knows which share held for it.
    """
    current = get_current_snapshot()
    if current is None:
        return None
    share = {
        "as_of_date": current.as_of_date,
        "horizon_days": current.horizon_days,
        "hold_out_percent": DeskSettings.current().hold_out_percent,
    }
    HoldOutMeasure.objects.get_or_create(snapshot_id=current.snapshot_id, defaults=share)
    return Measured(_count_hold_outs(current), _count_bands(current))


def _count_hold_outs(current: Snapshot) -> int:
    waiting = list(HoldOutMeasure.objects.select_for_update().filter(counted_at=None))
    over = [each for each in waiting if each.as_of_date + timedelta(days=each.horizon_days) <= current.as_of_date]
    kept = Snapshot.objects.in_bulk([each.snapshot_id for each in over])
    for measure_of in over:
        if then := kept.get(measure_of.snapshot_id):
            _count_hold_out(measure_of, then, current)
    return len(kept)


def _count_hold_out(row: HoldOutMeasure, then: Snapshot, current: Snapshot) -> None:
    draws = draws_held_out(row.hold_out_percent)
    arms = arms_of(then, current, draws=draws, called_by=Channel.WE_CALLED.value)
    row.held_out, row.held_out_left = arms.held_out.customers, arms.held_out.left
    row.open_to_calls, row.open_to_calls_left = arms.open_to_calls.customers, arms.open_to_calls.left
    row.called, row.called_left = arms.called.customers, arms.called.left
    row.counted_at = timezone.now()
    row.save()


_BANDS = f"""
select told.risk_band, count(*), count(now.customer_number), sum(told.churn_probability),
       count(*) filter (where told.outcome = %(wrong)s)
from (
    select distinct on (customer_number, snapshot_id)
           customer_number, as_of_date, horizon_days, risk_band, churn_probability, outcome
    from desk_contact
    where standing and risk_band is not null and churn_probability is not null
      and as_of_date + horizon_days <= %(known)s
    order by customer_number, snapshot_id, at desc, id desc
) told
left join {CUSTOMER_SNAPSHOT.name} now
    on now.snapshot_id = %(now)s and now.customer_number = told.customer_number
    and {left_within("now", "told.as_of_date", "told.as_of_date + told.horizon_days")}
group by told.risk_band
"""  # noqa: S608 - a name of the contract


def _count_bands(current: Snapshot) -> int:
    """Count contacts whose horizon has passed, the last of each customer and snapshot, by the band the agent saw.

    Those whose horizon still runs count not even when the customer has left: else leavers would be counted early, and
    stayers late.
    """
    asked: dict[str, Any] = {
        "wrong": Outcome.WRONG_ALARM.value,
        "known": current.as_of_date,
        "now": current.snapshot_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BANDS, asked)
        rows = cursor.fetchall()
    seen = {"snapshot_id": current.snapshot_id, "as_of_date": current.as_of_date, "counted_at": timezone.now()}
    BandMeasure.objects.all().delete()
    BandMeasure.objects.bulk_create(
        BandMeasure(risk_band=band, contacts=contacts, left=left, expected=expected, wrong_alarms=wrong, **seen)
        for band, contacts, left, expected, wrong in rows
    )
    return sum(row[1] for row in rows)
