from webportal.customers.charts import comparison_figure
from webportal.customers.comparison import Comparison

DAYS = Comparison("days", "Days listened", 3, 27.0)
SONGS = Comparison("songs", "Songs per day", None, None)


def test_draws_one_panel_a_measure_with_both_bars() -> None:
    figure = comparison_figure([DAYS, SONGS])
    assert [trace["x"] for trace in figure["data"]] == [[27.0, 3], [0, 0]]
    assert [(trace["xaxis"], trace["yaxis"]) for trace in figure["data"]] == [("x", "y"), ("x2", "y2")]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["Days listened", "Songs per day"]


def test_panels_do_not_overlap_and_bars_fit() -> None:
    layout = comparison_figure([DAYS, SONGS])["layout"]
    upper, lower = layout["yaxis"]["domain"], layout["yaxis2"]["domain"]
    assert 0 <= lower[0] + 1e-9 < lower[1] < upper[0] < upper[1] == 1
    assert layout["xaxis"]["range"][1] > 27
    assert layout["xaxis2"]["range"][1] > 0
