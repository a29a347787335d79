"""The hold-out group: customers at risk whom nobody turns to unasked, to learn what turning to customers changes.

Who is in it is drawn from the customer number when a snapshot is published, so it is the same people in every snapshot;
how many of the draws count is a setting.

Counts over all customers of two snapshots are for commands: they read one partition by its index of risk and look up,
or join, the same customers in another. That takes seconds with 10 million customers, so no request calls them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from spark_assets.contracts import CUSTOMER_SNAPSHOT, RiskBand
from spark_assets.contracts.explanations import HOLD_OUT_DRAWS, MomentKind
from webportal.accounts.models import DeskSettings
from webportal.customers.models import CustomerColumns, Snapshot, summary_of


def draws_held_out(percent: int) -> int:
    """Return below which draw a customer at risk is held out, for a share of `percent`."""
    return percent * HOLD_OUT_DRAWS // 100


def percent_known_to(user: object) -> int:
    """Return the share that is held out, which came with the user of the request, so that a list asks nothing more."""
    saved: int | None = getattr(user, "hold_out_percent", None)
    return DeskSettings().hold_out_percent if saved is None else saved


def is_held_out(customer: CustomerColumns, percent: int) -> bool:
    """Tell whether nobody is to turn to this customer unasked; without a draw (older snapshots) nobody is held out."""
    drawn = customer.hold_out_draw is not None and customer.hold_out_draw < draws_held_out(percent)
    return drawn and customer.risk_band == RiskBand.HIGH and customer.cancelled_on is None


def held_out(percent: int) -> Q:
    """Return the same as a condition on customers."""
    return Q(risk_band=RiskBand.HIGH.value, hold_out_draw__lt=draws_held_out(percent), cancelled_on=None)


@dataclass(frozen=True)
class Arm:
    """Customers at risk who were treated alike, and how many of them left within the horizon."""

    customers: int
    left: int


@dataclass(frozen=True)
class Arms:
    """What became of the customers of the highest band of one snapshot; those called are among those open to calls."""

    held_out: Arm
    open_to_calls: Arm
    called: Arm


def left_within(row: str, after: str, until: str) -> str:
    """Return an SQL condition: a customer of a later snapshot cancelled after one day and by another.

    A customer who came back left all the same, as in the model's label. `cancelled_on` knows the last cancellation of
    those alone who are away; `moments` hold every one.
    """
    day = "(moment ->> 'd')::date"
    return f"""(
    ({row}.cancelled_on > {after} and {row}.cancelled_on <= {until})
    or (
        strpos({row}.moments, '"{MomentKind.CANCEL.value}"') > 0
        and exists (
            select from jsonb_array_elements({row}.moments::jsonb) moment
            where moment ->> 'k' = '{MomentKind.CANCEL.value}' and {day} > {after} and {day} <= {until}
        )
    )
)"""


_COUNT = f"""
with called as (
    select distinct customer_number from desk_contact
    where standing and channel = %(channel)s and as_of_date >= %(as_of)s and as_of_date < %(until)s
), at_risk as (
    select coalesce(c.hold_out_draw < %(draws)s, false) as held,
           {left_within("now", "%(as_of)s", "%(until)s")} as has_left,
           called.customer_number is not null as was_called
    from {CUSTOMER_SNAPSHOT.name} c
    left join {CUSTOMER_SNAPSHOT.name} now on now.snapshot_id = %(now)s and now.customer_number = c.customer_number
    left join called on called.customer_number = c.customer_number
    where c.snapshot_id = %(then)s and c.churn_probability >= %(floor)s and c.risk_band = %(band)s
      and c.cancelled_on is null
)
select count(*) filter (where held), count(*) filter (where held and has_left),
       count(*) filter (where not held), count(*) filter (where not held and has_left),
       count(*) filter (where not held and was_called), count(*) filter (where not held and was_called and has_left)
from at_risk
"""  # noqa: S608 - a name of the contract


def arms_of(then: Snapshot, now: Snapshot, *, draws: int, called_by: str) -> Arms:
    """Count those at risk in `then` by what was done with them; `now` knows who left in the horizon of `then`.

    A label of `then` is a day after its as-of date, the horizon's last day included.

    Args:
        then: a snapshot whose horizon has passed.
        now: one that knows all of its horizon.
        draws: below which draw of `then` a customer was held out.
        called_by: the channel of contacts that count as a call of ours.
    """
    floor = summary_of(then)["band_floors"].get(RiskBand.HIGH.value)
    if floor is None:
        return Arms(Arm(0, 0), Arm(0, 0), Arm(0, 0))
    asked: dict[str, Any] = {
        "channel": called_by,
        "as_of": then.as_of_date,
        "until": then.as_of_date + timedelta(days=then.horizon_days),
        "then": then.snapshot_id,
        "now": now.snapshot_id,
        "draws": draws,
        "floor": floor,
        "band": RiskBand.HIGH.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, asked)
        counts = [int(count) for count in cursor.fetchall()[0]]
    return Arms(Arm(*counts[0:2]), Arm(*counts[2:4]), Arm(*counts[4:6]))


def cancelled_among(snapshot: Snapshot, numbers: Sequence[str]) -> list[str]:
    """Return those of the customers of these numbers who have cancelled by `snapshot`: for the follower."""
    wanted = f"select customer_number from {CUSTOMER_SNAPSHOT.name} where snapshot_id = %s"  # noqa: S608 - a name of ours
    with connection.cursor() as cursor:
        cursor.execute(
            f"{wanted} and customer_number = any(%s) and cancelled_on is not null", [snapshot.pk, list(numbers)]
        )
        return [number for (number,) in cursor.fetchall()]
