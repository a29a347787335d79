"""What recorded outcomes teach: how right each band was, and what calling changed, for the model page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from spark_assets.contracts import RiskBand
from webportal.common.presentation import GROUPS, Group
from webportal.customers.models import Snapshot
from webportal.desk.measurement import Interval, newcombe, wilson
from webportal.desk.models import BandMeasure, HoldOutMeasure

FEWEST = 100
"""With fewer customers in one of two groups they are not compared: a handful of leavers would decide."""

MOST_SNAPSHOTS = 400


class Verdict(StrEnum):
    """What the comparison allows to say."""

    TOO_FEW = "too few"
    UNDECIDED = "undecided"
    HELPS = "helps"
    HARMS = "harms"


@dataclass(frozen=True)
class Precision:
    """Contacts of one band whose horizon has passed: shares in percent."""

    group: Group
    contacts: int
    left: int
    percent: float
    interval: Interval
    expected_percent: float
    wrong_alarms: int


@dataclass(frozen=True)
class Kept:
    """Customers at risk who were treated alike: how many stayed, in percent with its interval."""

    customers: int
    stayed: int
    percent: float | None
    interval: Interval


@dataclass(frozen=True)
class Comparison:
    """Kept rates of two groups, and the interval of their difference in points; None with an empty group."""

    kept: Kept
    difference: float | None
    interval: Interval | None
    verdict: Verdict


@dataclass(frozen=True)
class Evaluation:
    """What the page shows. Nothing measured: no precisions, groups of nobody."""

    precisions: list[Precision]
    held_out: Kept
    open_to_calls: Comparison
    called: Comparison
    snapshots: int
    newest: date | None
    """As-of date of the newest snapshot that was counted."""
    measured_to: date | None
    """As-of date of the snapshot with which `follow_snapshots` counted last."""
    is_behind: bool
    """Whether a snapshot was published since then."""
    fewest: int = FEWEST


def read_evaluation(snapshot: Snapshot) -> Evaluation:
    """Return what was measured up to `snapshot`, in two queries of small tables."""
    bands = {each.risk_band: each for each in BandMeasure.objects.all()}
    rows = list(HoldOutMeasure.objects.order_by("-as_of_date", "-snapshot_id")[:MOST_SNAPSHOTS])
    used = apart([row for row in rows if row.counted_at])
    held = _kept(sum(row.held_out or 0 for row in used), sum(row.held_out_left or 0 for row in used))
    seen = [row for row in rows if row.snapshot_id == snapshot.snapshot_id]
    return Evaluation(
        precisions=[_precision(bands[band]) for band in RiskBand if band in bands],
        held_out=held,
        open_to_calls=_compare(
            _kept(sum(row.open_to_calls or 0 for row in used), sum(row.open_to_calls_left or 0 for row in used)), held
        ),
        called=_compare(_kept(sum(row.called or 0 for row in used), sum(row.called_left or 0 for row in used)), held),
        snapshots=len(used),
        newest=used[0].as_of_date if used else None,
        measured_to=rows[0].as_of_date if rows else None,
        is_behind=not seen,
    )


def apart(rows: Sequence[HoldOutMeasure]) -> list[HoldOutMeasure]:
    """Return measures whose horizons do not overlap, from the newest back.

    Else somebody at risk in ten daily snapshots would count ten times, and the interval be too narrow.
    """
    used: list[HoldOutMeasure] = []
    for row in rows:
        if not used or row.as_of_date + timedelta(days=row.horizon_days) <= used[-1].as_of_date:
            used.append(row)
    return used


def _precision(measure: BandMeasure) -> Precision:
    bounds = wilson(measure.left, measure.contacts)
    return Precision(
        group=GROUPS[measure.risk_band],
        contacts=measure.contacts,
        left=measure.left,
        percent=measure.left / measure.contacts * 100,
        interval=_percent(bounds),
        expected_percent=measure.expected / measure.contacts * 100,
        wrong_alarms=measure.wrong_alarms,
    )


def _kept(customers: int, left: int) -> Kept:
    stayed = customers - left
    percent = stayed / customers * 100 if customers else None
    return Kept(customers, stayed, percent, _percent(wilson(stayed, customers)))


def _compare(kept: Kept, held: Kept) -> Comparison:
    if not kept.customers or not held.customers:
        return Comparison(kept, None, None, Verdict.TOO_FEW)
    bounds = newcombe((kept.stayed, kept.customers), (held.stayed, held.customers))
    difference = (kept.stayed / kept.customers - held.stayed / held.customers) * 100
    return Comparison(kept, difference, _percent(bounds), _verdict(kept, held, bounds))


def _verdict(kept: Kept, held: Kept, bounds: Interval) -> Verdict:
    if min(kept.customers, held.customers) < FEWEST:
        return Verdict.TOO_FEW
    if bounds.low > 0:
        return Verdict.HELPS
    return Verdict.HARMS if bounds.high < 0 else Verdict.UNDECIDED


def _percent(bounds: Interval) -> Interval:
    return Interval(bounds.low * 100, bounds.high * 100)
