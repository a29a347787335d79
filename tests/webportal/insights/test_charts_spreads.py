import pytest

from tests.webportal.publishing import FLOORS, Row, customer, summarise
from webportal.insights.charts import BINS, EVERYONE, spread_figure


@pytest.mark.parametrize("measure", ["days_listened", "songs_per_day"])
def test_everyone_is_the_sum_of_the_groups_on_the_same_bins(customers: list[Row], measure: str) -> None:
    summary = summarise(customers, FLOORS)
    everyone = spread_figure(summary, EVERYONE, measure)
    assert sum(sum(bars["y"]) for bars in everyone["data"]) == len(summary["sample"])
    for bars, group in zip(everyone["data"], ("high", "medium", "low", "cancelled"), strict=True):
        alone = spread_figure(summary, group, measure)
        assert alone["data"] == [bars]
        assert alone["layout"] == everyone["layout"]


def test_values_fall_into_their_bins_and_the_greatest_into_the_last() -> None:
    rows = [customer(str(days), days_listened=days) for days in (1, 2, 39, 40)]
    (bars,) = spread_figure(summarise(rows, FLOORS), EVERYONE, "days_listened")["data"]
    assert [bars["y"][place] for place in (0, 1, 19)] == [1, 1, 2]  # two days a bin, and the end belongs to the last
    assert bars["customdata"][1] == "2 to 4"
    assert len(bars["x"]) == BINS


def test_an_empty_sample_has_no_bars() -> None:
    assert spread_figure(summarise([], {}), EVERYONE, "days_listened")["data"] == []
