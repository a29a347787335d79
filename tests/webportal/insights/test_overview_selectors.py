import pytest

from tests.webportal.publishing import FLOORS, Row, customer, summarise
from webportal.customers.models import Snapshot
from webportal.insights.overview import Overview, Share, get_overview


def overview_of(rows: list[Row], floors: dict[str, float] = FLOORS) -> Overview:
    return get_overview(Snapshot(summary=summarise(rows, floors)))


def parts(shares: list[Share]) -> list[tuple[str, int]]:
    return [(str(share.label), share.count) for share in shares]


def test_bands_go_from_high_to_low_and_add_up(customers: list[Row]) -> None:
    overview = overview_of(customers)
    assert [band.group.key for band in overview.bands] == ["high", "medium", "low"]
    assert sum(band.count for band in overview.bands) == overview.summary["scored"]
    assert sum(band.percent for band in overview.bands) == pytest.approx(100)
    assert [(band.begins, band.ends) for band in overview.bands] == [(24.0, None), (12.0, 24.0), (None, 12.0)]
    assert [band.lift for band in overview.bands] == [2.0, 1.0, None]


def test_a_band_without_customers_is_still_named() -> None:
    counts = [(band.group.key, band.count) for band in overview_of([customer("1", churn_probability=0.9)]).bands]
    assert counts == [("high", 1), ("medium", 0), ("low", 0)]


def test_there_are_no_bands_and_no_spread_without_scores() -> None:
    overview = overview_of([customer("1", churn_probability=None)], {})
    assert overview.bands == []
    assert overview.histogram == []


def test_genders_are_named_and_what_is_silent_comes_last() -> None:
    rows = [customer(str(place), gender=gender) for place, gender in enumerate(["M", "F", "F", None, "X"])]
    assert parts(overview_of(rows).genders) == [("Women", 2), ("Men", 1), ("Unknown", 1), ("X", 1)]


def test_bars_are_measured_against_the_greatest_part() -> None:
    rows = [customer(str(place), level=level) for place, level in enumerate(["paid", "free", "free", "free", "free"])]
    paid, free = overview_of(rows).levels
    assert (paid.percent, paid.length) == (20.0, 25.0)
    assert (free.percent, free.length) == (80.0, 100.0)


def test_the_spread_names_its_bins() -> None:
    histogram = overview_of([customer("1", churn_probability=0.07), customer("2", churn_probability=1.0)]).histogram
    assert len(histogram) == 20
    assert parts(histogram)[1] == ("5 to 10 %", 1)
    assert parts(histogram)[19] == ("95 to 100 %", 1)


def test_every_value_has_a_link_but_those_counted_together() -> None:
    shares = overview_of([customer(str(place), gender=gender) for place, gender in enumerate(["F", "X", None])]).genders
    assert [(str(share.label), share.link) for share in shares] == [
        ("Women", "/customers/?gender=F"),
        ("Unknown", "/customers/?gender=unknown"),
        ("X", "/customers/?gender=X"),
    ]
    together = get_overview(Snapshot(summary={**summarise([customer("1")], FLOORS), "levels": {"paid": 1, "": 7}}))
    assert [(str(share.label), share.link) for share in together.levels] == [
        ("Paid", "/customers/?level=paid"),
        ("Others", None),
    ]
