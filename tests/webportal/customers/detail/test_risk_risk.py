from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webportal.publishing import band_of, summarise
from webportal.customers.detail.risk import read_risk
from webportal.customers.models import CustomerSnapshot, Snapshot

FLOORS = {"high": 0.24, "medium": 0.12}


def snapshot_with(floors: dict[str, float]) -> Snapshot:
    return Snapshot(as_of_date=date(2018, 12, 1), horizon_days=14, summary=summarise([], floors))


def scored(probability: float) -> CustomerSnapshot:
    return CustomerSnapshot(churn_probability=probability, risk_band=band_of(probability))


def test_says_how_far_from_usual_and_until_when() -> None:
    risk = read_risk(scored(0.3), snapshot_with(FLOORS))
    assert risk is not None
    assert risk.percent == pytest.approx(30)
    assert risk.base_rate == pytest.approx(12)
    assert risk.lift == pytest.approx(2.5)
    assert risk.medium_from == pytest.approx(12)
    assert risk.high_from == pytest.approx(24)
    assert risk.until == date(2018, 12, 15)
    assert risk.group.key == "high"


def test_there_is_none_without_a_probability() -> None:
    assert read_risk(CustomerSnapshot(churn_probability=None, risk_band=None), snapshot_with({})) is None


def test_lift_is_over_the_published_rate_wherever_the_bands_begin() -> None:
    snapshot = snapshot_with({"high": 0.3, "medium": 0.15})
    snapshot.summary |= {"base_rate": 0.1, "band_lifts": {"high": 3.0, "medium": 1.5}}
    risk = read_risk(scored(0.2), snapshot)
    assert risk is not None
    assert (risk.base_rate, risk.lift) == (pytest.approx(10), pytest.approx(2))


def test_a_probability_without_bands_has_no_scale() -> None:
    risk = read_risk(CustomerSnapshot(churn_probability=0.3, risk_band="low"), snapshot_with({}))
    assert risk is not None
    assert (risk.scale, risk.lift, risk.base_rate) == (None, None, None)


@given(probability=st.floats(0, 1), base=st.floats(0.0001, 0.9))
def test_the_scale_always_holds_the_marker_and_its_zones_fill_it(probability: float, base: float) -> None:
    risk = read_risk(scored(probability), snapshot_with({"high": 2 * base, "medium": base}))
    assert risk is not None
    assert risk.scale is not None
    assert 0 < risk.scale.end <= 100
    assert 0 <= risk.scale.marker <= 100
    assert sum(zone.width for zone in risk.scale.zones) == pytest.approx(100)
    assert all(zone.width >= 0 for zone in risk.scale.zones)
    assert [zone.group.key for zone in risk.scale.zones] == ["low", "medium", "high"]


def test_the_scale_is_wide_enough_to_show_every_band() -> None:
    risk = read_risk(scored(0.01), snapshot_with({"high": 0.04, "medium": 0.02}))
    assert risk is not None
    assert risk.scale is not None
    assert risk.scale.end == pytest.approx(8)
    assert min(zone.width for zone in risk.scale.zones) == pytest.approx(25)
