"""The small chart of the customer page, as data for plotly.js."""

from typing import Any

from django.utils.translation import gettext as _

from webportal.common.bands import ACCENT, FONT, NEUTRAL
from webportal.customers.comparison import Comparison

Figure = dict[str, Any]

GAP = 0.34
PANEL_HEIGHT = 105


def comparison_figure(comparisons: list[Comparison]) -> Figure:
    """Return one panel a measure, one above the other: the customer's bar above the median's.

    The values stand in words on the page; the text of the axes takes its colour from the page's style sheet.
    """
    height = (1 - GAP * (len(comparisons) - 1)) / len(comparisons)
    layout: Figure = {
        "height": PANEL_HEIGHT * len(comparisons),
        "margin": {"l": 4, "r": 12, "t": 22, "b": 22},
        "showlegend": False,
        "bargap": 0.3,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT},
        "hoverlabel": {"bgcolor": "#2a1c6b", "bordercolor": "#2a1c6b"},
        "annotations": [],
    }
    for position, comparison in enumerate(comparisons):
        suffix, top = _suffix(position), 1 - position * (height + GAP)
        layout[f"xaxis{suffix}"] = _value_axis(suffix, comparison)
        layout[f"yaxis{suffix}"] = {"domain": [top - height, top], "fixedrange": True, "automargin": True}
        layout["annotations"].append(_title(comparison, top))
    return {"data": [_bars(each, _suffix(place)) for place, each in enumerate(comparisons)], "layout": layout}


def _suffix(position: int) -> str:
    """Return what plotly appends to the names of the axes of this panel."""
    return "" if position == 0 else str(position + 1)


def _bars(comparison: Comparison, suffix: str) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [comparison.median or 0, comparison.value or 0],
        "y": [_("Median") + " ", _("This customer") + " "],  # the space keeps the name off the bar
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "marker": {"color": [NEUTRAL, ACCENT]},
        "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>",
    }


def _value_axis(suffix: str, comparison: Comparison) -> Figure:
    longest = max(comparison.value or 0, comparison.median or 0) or 1
    return {
        "anchor": f"y{suffix}",
        "range": [0, longest * 1.05],
        "nticks": 6,
        "gridcolor": "rgba(139,144,165,.22)",
        "zeroline": False,
        "fixedrange": True,
    }


def _title(comparison: Comparison, top: float) -> Figure:
    return {
        "text": str(comparison.label),
        "x": 0,
        "y": top,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
    }
