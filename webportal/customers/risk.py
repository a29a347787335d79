"""What a churn probability means to an agent: its band, its direction, and how far it is from usual."""

from dataclasses import dataclass
from datetime import date, timedelta

from spark_assets.contracts import RiskBand
from webportal.common.bands import GROUPS, Group
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.summary import summary_of


@dataclass(frozen=True)
class Zone:
    """One band on the scale: where it begins and how wide it is, in percent of the scale's length."""

    group: Group
    start: float
    width: float


@dataclass(frozen=True)
class Scale:
    """The drawn scale of probabilities: it ends at `end` percent; places are in percent of its length."""

    end: float
    zones: tuple[Zone, ...]
    marker: float


@dataclass(frozen=True)
class RiskReading:
    """The risk of one customer. Probabilities are in percent; `base_rate` and `lift` are None without bands."""

    percent: float
    group: Group
    horizon_days: int
    as_of: date
    until: date
    medium_from: float | None
    high_from: float | None
    base_rate: float | None
    lift: float | None
    scale: Scale | None


def read_risk(customer: CustomerColumns, snapshot: Snapshot) -> RiskReading | None:
    """Return the reading of a scored customer, or None where there is no probability."""
    if customer.churn_probability is None or customer.risk_band is None:
        return None
    summary = summary_of(snapshot)
    floors, base = summary["band_floors"], summary.get("base_rate")
    medium, high = floors.get(RiskBand.MEDIUM), floors.get(RiskBand.HIGH)
    probability = customer.churn_probability
    return RiskReading(
        percent=probability * 100,
        group=GROUPS[customer.risk_band],
        horizon_days=snapshot.horizon_days,
        as_of=snapshot.as_of_date,
        until=snapshot.as_of_date + timedelta(days=snapshot.horizon_days),
        medium_from=medium * 100 if medium is not None else None,
        high_from=high * 100 if high is not None else None,
        base_rate=base * 100 if base else None,
        lift=probability / base if base else None,
        scale=_scale(probability, medium, high) if medium is not None and high is not None else None,
    )


def _scale(probability: float, medium: float, high: float) -> Scale:
    """Return a scale that shows all three bands and the customer, however rare churn is."""
    end = min(1.0, max(2 * high, 1.15 * probability))
    medium, high = min(medium, end), min(high, end)
    edges = ((RiskBand.LOW, 0.0, medium), (RiskBand.MEDIUM, medium, high), (RiskBand.HIGH, high, end))
    zones = tuple(Zone(GROUPS[band], start / end * 100, (stop - start) / end * 100) for band, start, stop in edges)
    return Scale(end=end * 100, zones=zones, marker=probability / end * 100)
