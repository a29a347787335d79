"""How the score of a customer went over the snapshots that are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from webportal.customers.models import Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

MOST = 60
"""Snapshots that are looked at, the newest of those kept."""


@dataclass(frozen=True)
class PastScore:
    """What one snapshot says of a customer; probability and band are null without a score."""

    snapshot_id: int
    as_of_date: date
    model_version: str | None
    churn_probability: float | None
    risk_band: str | None


def history_of(viewer: Viewer, number: str) -> list[PastScore]:
    """Return the scores of a customer in the snapshots where `viewer` sees them, the newest first.

    One statement: in each snapshot's partition one probe of the primary key.
    """
    snapshots = {each.snapshot_id: each for each in _kept()}
    scores = _scores(viewer, snapshots.values(), number)
    return [
        PastScore(key, snapshots[key].as_of_date, snapshots[key].model_version, *scores[key])
        for key in snapshots
        if key in scores
    ]


def _kept() -> Iterable[Snapshot]:
    kept = Snapshot.objects.only("snapshot_id", "as_of_date", "model_version")
    return kept.order_by("-snapshot_id")[:MOST]


def _scores(viewer: Viewer, snapshots: Iterable[Snapshot], number: str) -> dict[int, tuple[float | None, str | None]]:
    parts = [
        customers_visible_to(viewer, snapshot)
        .filter(customer_number=number)
        .values_list("snapshot_id", "churn_probability", "risk_band")
        for snapshot in snapshots
    ]
    if not parts:
        return {}
    rows = reduce(lambda left, right: left.union(right, all=True), parts)
    return {key: (probability, band) for key, probability, band in rows}
