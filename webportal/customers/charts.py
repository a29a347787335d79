"""The small chart of the customer page, as data for plotly.js."""

from typing import Any

from django.utils.translation import gettext as _

from webportal.common.bands import ACCENT, NEUTRAL
from webportal.customers.comparison import Comparison

Figure = dict[str, Any]

GAP = 0.14


def comparison_figure(comparisons: list[Comparison]) -> Figure:
    """Return one panel a measure: the customer's bar above the median's."""
    width = (1 - GAP * (len(comparisons) - 1)) / len(comparisons)
    layout: Figure = {
        "height": 150,
        "margin": {"l": 4, "r": 4, "t": 26, "b": 4},
        "showlegend": False,
        "bargap": 0.3,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "annotations": [],
    }
    traces = []
    for position, comparison in enumerate(comparisons):
        suffix = "" if position == 0 else str(position + 1)
        start = position * (width + GAP)
        layout[f"xaxis{suffix}"] = {
            "domain": [start, start + width],
            "visible": False,
            "range": [0, _longest(comparison) * 1.05],
            "fixedrange": True,
        }
        layout[f"yaxis{suffix}"] = {"anchor": f"x{suffix}", "visible": False, "fixedrange": True}
        layout["annotations"].append(_title(comparison, start))
        traces.append(_bars(comparison, suffix))
    return {"data": traces, "layout": layout}


def _bars(comparison: Comparison, suffix: str) -> Figure:
    """Return the two bars of one panel, each with its name and value written on it."""
    values = [comparison.median or 0, comparison.value or 0]
    names = [_("Median"), _("This customer")]
    return {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": names,
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "marker": {"color": [NEUTRAL, ACCENT]},
        "text": [f"{name} {value:,.1f}" for name, value in zip(names, values, strict=True)],
        "textposition": "auto",
        "insidetextanchor": "start",
        "cliponaxis": False,
        "hoverinfo": "none",
    }


def _title(comparison: Comparison, start: float) -> Figure:
    return {
        "text": str(comparison.label),
        "x": start,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
    }


def _longest(comparison: Comparison) -> float:
    return max(comparison.value or 0, comparison.median or 0) or 1
