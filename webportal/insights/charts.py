"""The days-against-songs chart, as data for plotly.js. No Dash and no request in here."""

from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from spark_assets.contracts.summary import SamplePoint, SnapshotSummary
from webportal.common.bands import FONT, GROUPS, NEUTRAL, Group

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
