"""How one measure spreads over the customers of a group, as data for plotly.js: bars stacked by group."""

from math import floor

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts.summary import SamplePoint, SnapshotSummary
from webportal.common.bands import FONT, Group
from webportal.common.plot import round_end
from webportal.insights.charts import EVERYONE, Figure, groups_present

BINS = 20
MEASURES: dict[str, str | Promise] = {
    "days_listened": gettext_lazy("Days listened"),
    "songs_per_day": gettext_lazy("Songs per day"),
}


def spread_figure(summary: SnapshotSummary, chosen: str, measure: str) -> Figure:
    """Return how many of the sample lie in each of twenty bins of `measure`, for the chosen group or for everyone.

    The bins are those of the whole sample whatever is chosen, so that groups can be compared by switching.
    """
    end = round_end(max((_value(point, measure) for point in summary["sample"]), default=0))
    groups = [group for group in groups_present(summary) if chosen in (EVERYONE, group.key)]
    held = {group.key: [_value(p, measure) for p in summary["sample"] if p["group"] == group.key] for group in groups}
    return {"data": [_bars(group, held[group.key], end) for group in groups], "layout": _layout(measure, end)}


def _value(point: SamplePoint, measure: str) -> float:
    return point["days_listened"] if measure == "days_listened" else point["songs_per_day"]


def _bars(group: Group, values: list[float], end: float) -> Figure:
    width = end / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(floor(value / width), BINS - 1)] += 1
    return {
        "type": "bar",
        "name": str(group.label),
        "x": [round((place + 0.5) * width, 6) for place in range(BINS)],
        "y": counts,
        "width": width * 0.92,
        "marker": {"color": group.colour},
        "customdata": [f"{place * width:g} to {(place + 1) * width:g}" for place in range(BINS)],
        "hovertemplate": _("%{customdata}: %{y}") + f"<extra>{group.label}</extra>",
    }


def _layout(measure: str, end: float) -> Figure:
    grid = "rgba(139,144,165,.22)"
    return {
        "barmode": "stack",
        "margin": {"l": 52, "r": 12, "t": 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT},
        "hoverlabel": {"bgcolor": "#2a1c6b", "bordercolor": "#2a1c6b"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {"title": {"text": str(MEASURES[measure])}, "range": [0, end], "gridcolor": grid, "automargin": True},
        "yaxis": {"title": {"text": _("Customers of the sample")}, "gridcolor": grid, "automargin": True},
    }
