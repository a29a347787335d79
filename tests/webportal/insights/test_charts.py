import pytest

from tests.webportal.publishing import FLOORS, Row, customer, summarise
from webportal.insights.charts import EVERYONE, groups_present, listening_figure


def points(figure: dict[str, list[dict[str, list[float]]]]) -> int:
    return sum(len(trace["x"]) for trace in figure["data"])


def test_everyone_is_all_of_the_sample_in_its_groups(customers: list[Row]) -> None:
    summary = summarise(customers, FLOORS)
    figure = listening_figure(summary, EVERYONE)
    assert points(figure) == len(summary["sample"]) == 300
    assert [trace["name"] for trace in figure["data"]] == ["High risk", "Medium risk", "Low risk", "Cancelled"]


@pytest.mark.parametrize("chosen", ["high", "medium", "low", "cancelled"])
def test_a_group_is_its_own_points_on_the_same_axes(customers: list[Row], chosen: str) -> None:
    summary = summarise(customers, FLOORS)
    figure, whole = listening_figure(summary, chosen), listening_figure(summary, EVERYONE)
    assert points(figure) == sum(point["group"] == chosen for point in summary["sample"]) > 0
    assert figure["layout"] == whole["layout"]


def test_an_unknown_group_is_empty(customers: list[Row]) -> None:
    assert listening_figure(summarise(customers, FLOORS), "nobody")["data"] == []


def test_medians_are_lines_where_there_are_any() -> None:
    rows = [customer("1", days_listened=4, songs_per_day=9.0)]
    assert [
        (line["x0"], line["y0"]) for line in listening_figure(summarise(rows, {}), EVERYONE)["layout"]["shapes"]
    ] == [
        (4, 0),
        (0, 9.0),
    ]
    assert listening_figure(summarise([], {}), EVERYONE)["layout"]["shapes"] == []


def test_only_groups_with_customers_can_be_chosen() -> None:
    rows = [customer("1", churn_probability=None), customer("2", churn_probability=0.5)]
    assert [group.key for group in groups_present(summarise(rows, FLOORS))] == ["high", "unscored"]
