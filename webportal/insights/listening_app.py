"""The exploring chart of the overview: days listened against songs per day, by group. Runs in a frame of its own."""

from dash import dcc, html
from dash.dependencies import Input, Output
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_plotly_dash import DjangoDash

from webportal.common.bands import GROUPS
from webportal.customers.current import current_snapshot
from webportal.customers.summary import summary_of
from webportal.insights.charts import EVERYONE, Figure, listening_figure

NAME = "listening"
GRAPH = "listening-graph"
CHOICE = "listening-group"

app = DjangoDash(
    NAME,
    serve_locally=True,
    external_stylesheets=["/static/encore/chart-frame.css"],
    external_scripts=["/static/encore/theme.js"],
)
app.layout = html.Div(
    className="chart-frame",
    children=[
        dcc.RadioItems(
            id=CHOICE,
            className="chart-choice",
            value=EVERYONE,
            inline=True,
            options=[
                {"label": _("Everyone"), "value": EVERYONE},
                *({"label": group.label, "value": key} for key, group in GROUPS.items()),
            ],
        ),
        dcc.Graph(
            id=GRAPH,
            className="chart-graph",
            responsive=True,
            config={"displaylogo": False, "displayModeBar": False},
        ),
    ],
)


@app.callback(Output(GRAPH, "figure"), [Input(CHOICE, "value")])
def draw(chosen: str, *, request: HttpRequest) -> Figure:
    """Return the figure of the chosen group in the snapshot of this request."""
    snapshot = current_snapshot(request)
    return listening_figure(summary_of(snapshot), chosen) if snapshot else {"data": [], "layout": {}}
