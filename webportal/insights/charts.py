"""Charts as data for plotly.js: days against songs, and the distribution of a measure by group."""

from math import floor
from typing import Any

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts.summary import SamplePoint, SnapshotSummary
from webportal.common.presentation import FONT, GROUPS, NEUTRAL, Group, round_end

Figure = dict[str, Any]

EVERYONE = "everyone"


def groups_present(summary: SnapshotSummary) -> list[Group]:
    """Return the groups that the sample holds, in their fixed order."""
    held = {point["group"] for point in summary["sample"]}
    return [group for key, group in GROUPS.items() if key in held]


def listening_figure(summary: SnapshotSummary, chosen: str) -> Figure:
    """Return days listened against songs per day for the chosen group, with the medians of all customers.

    The axes are those of the whole sample whatever is chosen, so that groups can be compared by switching.
    """
    groups = [group for group in groups_present(summary) if chosen in (EVERYONE, group.key)]
    traces = [_trace(group, [p for p in summary["sample"] if p["group"] == group.key]) for group in groups]
    return {"data": traces, "layout": _layout(summary)}


def _trace(group: Group, points: list[SamplePoint]) -> Figure:
    label = str(group.label)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label,
        "x": [point["days_listened"] for point in points],
        "y": [point["songs_per_day"] for point in points],
        "marker": {"color": group.colour, "symbol": group.symbol, "size": 7, "opacity": 0.75},
        "hovertemplate": _("%{x} days, %{y:.1f} songs a day") + f"<extra>{label}</extra>",
    }


def _layout(summary: SnapshotSummary) -> Figure:
    return {
        "margin": {"l": 52, "r": 12, "t": 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT},
        "hoverlabel": {"bgcolor": "#2a1c6b", "bordercolor": "#2a1c6b"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hovermode": "closest",
        "separators": get_format("DECIMAL_SEPARATOR") + get_format("THOUSAND_SEPARATOR"),
        "xaxis": _axis(_("Days listened"), [point["days_listened"] for point in summary["sample"]]),
        "yaxis": _axis(_("Songs per day"), [point["songs_per_day"] for point in summary["sample"]]),
        "shapes": _medians(summary),
    }


def _axis(title: str, values: list[float]) -> Figure:
    greatest = max(values, default=1) or 1
    return {
        "title": {"text": title},
        "range": [0, greatest * 1.05],
        "gridcolor": "rgba(139,144,165,.22)",
        "zeroline": False,
        "automargin": True,
    }


def _medians(summary: SnapshotSummary) -> list[Figure]:
    """Return a dotted line at each median that is known."""
    line = {"color": NEUTRAL, "width": 1.5, "dash": "dot"}
    days, songs = summary["median_days_listened"], summary["median_songs_per_day"]
    lines: list[Figure] = []
    if days is not None:
        lines.append({"type": "line", "x0": days, "x1": days, "y0": 0, "y1": 1, "yref": "paper", "line": line})
    if songs is not None:
        lines.append({"type": "line", "y0": songs, "y1": songs, "x0": 0, "x1": 1, "xref": "paper", "line": line})
    return lines


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
    return {"data": [_bars(group, held[group.key], end) for group in groups], "layout": _bars_layout(measure, end)}


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


def _bars_layout(measure: str, end: float) -> Figure:
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
