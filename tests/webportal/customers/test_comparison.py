import pytest
from django.template import engines

from tests.webportal.publishing import customer, summarise
from webportal.customers.comparison import Comparison, compare
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
