import pytest
from django.template import engines

from tests.webportal.publishing import customer, summarise
from webportal.customers.detail.risk import Comparison, compare
from webportal.customers.models import CustomerSnapshot, Snapshot


def test_compares_with_the_medians_of_the_snapshot() -> None:
    rows = [customer(str(days), days_listened=days, songs_per_day=days * 10.0) for days in (2, 4, 30)]
    snapshot = Snapshot(summary=summarise(rows, {}))
    days, songs = compare(CustomerSnapshot(days_listened=3, songs_per_day=55.5), snapshot)
    assert (days.key, days.value, days.median, days.difference) == ("days", 3, 4, -1.0)
    assert (songs.key, songs.value, songs.median, songs.difference) == ("songs", 55.5, 40.0, 15.5)
    assert days.size_of_difference == 1.0


def test_who_never_listened_is_compared_with_nothing() -> None:
    days, songs = compare(CustomerSnapshot(days_listened=0, songs_per_day=None), Snapshot(summary=summarise([], {})))
    assert (days.median, days.difference, days.size_of_difference) == (None, None, None)
    assert (songs.value, songs.difference) == (None, None)


@pytest.mark.parametrize(("value", "median"), [(12.25, 54.3), (0.05, 0.04), (1.15, 1.25), (3.449, 3.451), (7, 7.0)])
def test_the_difference_is_that_of_the_figures_on_the_page(value: float, median: float) -> None:
    shown = engines["django"].from_string("{{ a|floatformat:1 }} {{ b|floatformat:1 }}")
    a, b = map(float, shown.render({"a": value, "b": median}).split())
    assert Comparison("songs", "Songs per day", value, median).difference == pytest.approx(a - b)


def ranked(days: int, songs: float | None, **summary: object) -> list[tuple[int | None, int | None]]:
    """Compare with customers who have 0, 1, ... 100 days and twice as many songs."""
    percentiles = {"days_listened": [*range(101)], "songs_per_day": [2.0 * step for step in range(101)]}
    snapshot = Snapshot(summary={**summarise([], {}), "percentiles": percentiles, **summary})
    found = compare(CustomerSnapshot(days_listened=days, songs_per_day=songs), snapshot)
    return [(each.below, each.above) for each in found]


def test_says_of_how_many_a_customer_has_more_or_less() -> None:
    assert ranked(30, 141.0) == [(29, 69), (70, 29)]
    assert ranked(0, 200.0) == [(0, 99), (99, 0)]
    assert ranked(500, 0.001) == [(100, 0), (0, 99)]


def test_many_with_one_value_count_on_neither_side() -> None:
    crowd = {"days_listened": [0.0] * 41 + [5.0] * 60, "songs_per_day": []}
    assert ranked(0, 3.0, percentiles=crowd) == [(0, 59), (None, None)]
    assert ranked(5, None, percentiles=crowd) == [(40, 0), (None, None)]


def test_snapshots_of_before_know_no_percentiles() -> None:
    assert ranked(3, 3.0, percentiles={}) == [(None, None)] * 2
    snapshot = Snapshot(summary={name: value for name, value in summarise([], {}).items() if name != "percentiles"})
    assert compare(CustomerSnapshot(days_listened=3), snapshot)[0].below is None


def test_bars_share_an_axis_that_ends_at_a_round_number() -> None:
    longer = Comparison("days", "Days listened", 3, 27.0)
    assert (longer.end, longer.bar, longer.median_bar) == (30, 10, 90)
    assert Comparison("songs", "Songs per day", None, None).bar == 0
