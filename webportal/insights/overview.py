"""Metrics of the overview, all from the published summary of the snapshot."""

from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from spark_assets.contracts import RiskBand
from spark_assets.contracts.summary import SnapshotSummary
from webportal.common.presentation import GROUPS, Group
from webportal.common.values import GENDERS, LEVELS, in_order
from webportal.customers.detail.explanation import facts_of, topic_name
from webportal.customers.models import Snapshot, summary_of
from webportal.insights.breakdowns import Breakdown, Risen, by_level, by_place, customers_where, read_risen


@dataclass(frozen=True)
class TopicShare:
    """A topic among the reasons: for how many it raises and lowers, and its mean size in log-odds.

    `length` is in percent of the weightiest.
    """

    topic: str | Promise
    raises: int
    lowers: int
    weight: float
    length: float


def read_drivers(snapshot: Snapshot) -> list[TopicShare]:
    """Return the topics, the weightiest first; empty in snapshots published without them.

    The summary counts by leading feature. A customer's reason has one topic and one leading feature, so the features
    of a topic add up.
    """
    facts = facts_of(snapshot)
    drivers = summary_of(snapshot).get("drivers", {})
    if facts is None or not drivers:
        return []
    raises: dict[str, int] = defaultdict(int)
    lowers: dict[str, int] = defaultdict(int)
    weights: dict[str, float] = defaultdict(float)
    for feature, driver in drivers.items():
        known = facts["features"].get(feature)
        topic = known["topic"] if known else feature
        raises[topic] += driver["raises"]
        lowers[topic] += driver["lowers"]
        weights[topic] += driver["weight"]
    greatest = max(weights.values()) or 1.0
    return [
        TopicShare(topic_name(topic), raises[topic], lowers[topic], weights[topic], 100 * weights[topic] / greatest)
        for topic in sorted(weights, key=lambda each: (-weights[each], each))
    ]


@dataclass(frozen=True)
class Share:
    """A part of a whole: `percent` is of the whole, `length` of the greatest part; `link` leads to who is in it."""

    label: str | Promise
    count: int
    percent: float
    length: float
    link: str | None = None


@dataclass(frozen=True)
class BandShare:
    """A risk band: its customers, its share of the scored ones, and from which probability (percent) it begins."""

    group: Group
    count: int
    percent: float
    begins: float | None
    ends: float | None
    lift: float | None
    link: str | None


@dataclass(frozen=True)
class Overview:
    """What the landing page shows of a snapshot."""

    summary: SnapshotSummary
    bands: list[BandShare]
    genders: list[Share]
    levels: list[Share]
    histogram: list[Share]
    by_level: list[Breakdown]
    places: list[Breakdown]
    risen: Risen
    everyone: str | None
    """Where the list of all customers is."""


def get_overview(snapshot: Snapshot, regions: Container[str] | None = None) -> Overview:
    """Return the overview of `snapshot`, without a query.

    `regions` are the places that the viewer's lists can be narrowed down to, None for all.
    """
    summary = summary_of(snapshot)
    return Overview(
        summary=summary,
        bands=_bands(summary),
        genders=_shares(summary["genders"], GENDERS, "gender"),
        levels=_shares(summary["levels"], LEVELS, "level"),
        histogram=_histogram(summary["risk_histogram"]),
        by_level=by_level(summary, LEVELS),
        places=by_place(summary, regions),
        risen=read_risen(snapshot),
        everyone=customers_where(),
    )


def _bands(summary: SnapshotSummary) -> list[BandShare]:
    """Return the bands from high to low; empty when nothing was scored."""
    scored = summary["scored"]
    if not scored:
        return []
    bands: list[BandShare] = []
    for band in RiskBand:
        count, floor = summary["bands"].get(band, 0), summary["band_floors"].get(band)
        ends = bands[-1].begins if bands else None
        begins = floor * 100 if floor is not None else None
        lift = summary.get("band_lifts", {}).get(band)
        link = customers_where(band=band.value)
        bands.append(BandShare(GROUPS[band], count, _percent(count, scored), begins, ends, lift, link))
    return bands


def _shares(counts: dict[str, int], labels: Mapping[str, Promise], filtered_by: str) -> list[Share]:
    """Return `counts` in the order of `labels`, then whatever else the logs hold; nothing for an empty group."""
    counts = {key: count for key, count in counts.items() if count}
    total, greatest = sum(counts.values()), max(counts.values(), default=0)
    return [
        Share(
            labels.get(key) or key,
            counts[key],
            _percent(counts[key], total),
            _percent(counts[key], greatest),
            customers_where(**{filtered_by: key}),
        )
        for key in in_order(counts, labels)
    ]


def _histogram(counts: list[int]) -> list[Share]:
    """Return one share a bin, labelled with its bounds in percent; empty when nothing was scored."""
    total, greatest = sum(counts), max(counts, default=0)
    if not total:
        return []
    width = 100 // len(counts)
    return [_bin(place * width, width, count, total, greatest) for place, count in enumerate(counts)]


def _bin(begins: int, width: int, count: int, total: int, greatest: int) -> Share:
    label = f"{begins} to {begins + width} %"
    link = customers_where(from_=begins, to=begins + width)
    return Share(label, count, _percent(count, total), _percent(count, greatest), link)


def _percent(part: int, whole: int) -> float:
    return part / whole * 100 if whole else 0.0
