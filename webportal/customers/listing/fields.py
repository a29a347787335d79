"""What a list may be narrowed down to, and how each filter asks the database."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from spark_assets.contracts import RiskBand
from webportal.customers.extensions import registered_filters
from webportal.customers.models import CustomerColumns, Snapshot, at_place, summary_of
from webportal.customers.selectors import Viewer, has_one_of

Customers = QuerySet[CustomerColumns]


class Seen(StrEnum):
    """How long ago a customer was last seen, in days before the end of the logs."""

    WEEK = "7"
    MONTH = "30"
    LONGER = "over"


class Contacted(StrEnum):
    """Whether a customer was contacted lately."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Filters:
    """What is asked for; None and False filter nothing. Probabilities are in percent, `below` is not included."""

    band: str | None = None
    level: str | None = None
    gender: str | None = None
    place: str | None = None
    seen: str | None = None
    risen: bool = False
    least: int | None = None
    below: int | None = None
    contacted: str | None = None
    assigned: bool = False


def narrowed(customers: Customers, filters: Filters, snapshot: Snapshot) -> Customers:
    """Return those of `customers` of `snapshot` who meet every filter that the snapshot answers."""
    wanted = Q()
    if filters.band is not None:
        wanted &= Q(risk_band=filters.band) & _range_of(filters.band, snapshot)
    if filters.level is not None:
        wanted &= has_one_of("level", [filters.level])
    if filters.gender is not None:
        wanted &= has_one_of("gender", [filters.gender])
    if filters.seen is not None:
        wanted &= _seen(Seen(filters.seen), snapshot)
    if filters.risen:
        wanted &= Q(risen_from__isnull=False)
    if filters.least is not None:
        wanted &= Q(churn_probability__gte=filters.least / 100)
    if filters.below is not None:
        wanted &= Q(churn_probability__lt=filters.below / 100)
    if filters.place is not None:
        customers = at_place(customers, filters.place)
    return customers.filter(wanted)


def narrowed_by_others(customers: Customers, filters: Filters, snapshot: Snapshot, viewer: Viewer) -> Customers:
    """Return those of `customers` who meet every filter that another app registered."""
    for field in registered_filters():
        value = getattr(filters, field.name)
        if value not in (None, False):
            customers = customers.filter(field.condition(value, snapshot, viewer))
    return customers


def _range_of(band: str, snapshot: Snapshot) -> Q:
    """Return the probabilities of a band: an index is sorted by them, while by bands alone none is."""
    floors = summary_of(snapshot)["band_floors"]
    higher = [floors[each] for each in _above(RiskBand(band)) if each in floors]
    ceiling = Q(churn_probability__lt=min(higher)) if higher else Q()
    return ceiling & Q(churn_probability__gte=floors[band]) if band in floors else ceiling


def _above(band: RiskBand) -> list[RiskBand]:
    """Return the bands above, the highest first."""
    bands = list(RiskBand)
    return bands[: bands.index(band)]


def _seen(seen: Seen, snapshot: Snapshot) -> Q:
    def days_ago(days: int) -> datetime:
        return datetime.combine(snapshot.as_of_date - timedelta(days=days - 1), time.min, UTC)

    week, month = Q(last_seen_at__gte=days_ago(7)), Q(last_seen_at__gte=days_ago(30))
    if seen is Seen.WEEK:
        return week
    if seen is Seen.MONTH:
        return month & Q(last_seen_at__lt=days_ago(7))
    return Q(last_seen_at__lt=days_ago(30))
