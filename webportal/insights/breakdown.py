"""Risk bands by level and by place, and who rose into the highest since the last snapshot."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import OTHERS, UNKNOWN, RiskBand
from spark_assets.contracts.summary import SnapshotSummary
from webportal.common.bands import GROUPS, Group
from webportal.common.values import in_order
from webportal.customers.explanation import facts_of
from webportal.customers.models import Snapshot
from webportal.customers.summary import summary_of
from webportal.insights.links import customers_where


@dataclass(frozen=True)
class Part:
    """The customers of one band in a row of a breakdown; `percent` is of the row."""

    group: Group
    count: int
    percent: float
    link: str | None


@dataclass(frozen=True)
class Breakdown:
    """One level or place: its scored customers by band, from high to low."""

    label: str | Promise
    scored: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Risen:
    """How many rose into the highest band since the last snapshot; without a count, `why` says why there is none."""

    count: int | None
    why: str | Promise
    link: str | None


def by_level(summary: SnapshotSummary, labels: Mapping[str, Promise]) -> list[Breakdown]:
    """Return the bands of each level, in the order of `labels`; empty in snapshots published without them."""
    counted = summary.get("bands_by_level", {})
    return [_breakdown(labels.get(key) or key, counted[key], "level", key) for key in in_order(counted, labels)]


def by_place(summary: SnapshotSummary, regions: Container[str] | None = None) -> list[Breakdown]:
    """Return the bands of the regions with most customers at high risk, those first; links to `regions` alone."""
    rows = [(row["place"], row["bands"]) for row in summary.get("places", [])]
    return [
        _breakdown(
            _("Unknown") if place == UNKNOWN else place, bands, "place", place if _has(regions, place) else OTHERS
        )
        for place, bands in rows
    ]


def _has(regions: Container[str] | None, place: str) -> bool:
    return regions is None or place in regions


def read_risen(snapshot: Snapshot) -> Risen:
    """Return how many are new at high risk, or why that cannot be said."""
    count = summary_of(snapshot).get("risen")
    if count is not None:
        return Risen(count, "", customers_where(risen=1, band=RiskBand.HIGH.value))
    facts = facts_of(snapshot)
    if facts is None:
        return Risen(None, _("Nothing was scored."), None)
    if facts["previous"] is None:
        return Risen(None, _("There are no earlier scores to compare with."), None)
    if not facts["previous"]["same_model"]:
        return Risen(None, _("Another model scored before; its bands cannot be compared."), None)
    return Risen(None, _("This snapshot was published without it."), None)


def _breakdown(label: str | Promise, bands: Mapping[str, int], filtered_by: str, key: str) -> Breakdown:
    scored = sum(bands.values())
    parts = tuple(
        Part(
            GROUPS[band],
            bands.get(band, 0),
            100 * bands.get(band, 0) / scored if scored else 0.0,
            customers_where(**{filtered_by: key, "band": band.value}),
        )
        for band in RiskBand
    )
    return Breakdown(label, scored, parts)
