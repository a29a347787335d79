"""Which model versions scored the snapshots that are kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from webportal.customers.models import Snapshot


@dataclass(frozen=True)
class Version:
    """One version: the as-of dates it scored, how many snapshots, and figures of its card where that was kept."""

    version: str
    estimator: str
    first: date
    last: date
    snapshots: int
    data_to: date | None
    pr_auc: float | None
    lift: float | None
    now: bool


_OF_CARD = ("model_card__as_of", "model_card__metrics__pr_auc", "model_card__metrics__lift_top_tenth")


def get_versions(snapshot: Snapshot) -> list[Version]:
    """Return the versions of the snapshots up to this one, the newest first.

    One query; the database takes the few figures out of each card.
    """
    rows = (
        Snapshot.objects.filter(snapshot_id__lte=snapshot.snapshot_id, model_version__isnull=False)
        .order_by("-snapshot_id")
        .values("as_of_date", "model_version", "model_facts__estimator", *_OF_CARD)
    )
    by_version: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_version.setdefault(row["model_version"], []).append(row)
    return [_version(name, found, name == snapshot.model_version) for name, found in by_version.items()]


def _version(name: str, rows: list[dict[str, Any]], now: bool) -> Version:
    days = [row["as_of_date"] for row in rows]
    newest = rows[0]
    data_to, pr_auc, lift = (newest[path] for path in _OF_CARD)
    return Version(
        version=name,
        estimator=newest["model_facts__estimator"] or "",
        first=min(days),
        last=max(days),
        snapshots=len(rows),
        data_to=date.fromisoformat(data_to) if data_to else None,
        pr_auc=pr_auc,
        lift=lift,
        now=now,
    )
