"""The exploring chart of the overview: days listened against songs per day, by group. Runs in a frame of its own."""

from dash import dcc, html
from dash.dependencies import Input, Output
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_plotly_dash import DjangoDash

from webportal.customers.current import current_snapshot
from webportal.customers.summary import summary_of
from webportal.insights.charts import EVERYONE, Figure, groups_present, listening_figure

NAME = "listening"
GRAPH = "listening-graph"
CHOICE = "listening-group"

Option = dict[str, str]

app = DjangoDash(
    NAME,
    serve_locally=True,
    external_stylesheets=["/static/encore/chart-frame.css"],
    # Dash takes a Plotly that is there already, and so leaves its own of four times the size unasked for.
    external_scripts=[
        "/static/encore/theme.js",
        "/static/encore/chart-frame.js",
        "/static/vendor/plotly/plotly-basic.min.js",
    ],
)
app.layout = html.Div(
    className="chart-frame",
    children=[
        html.Span(_("Customers to show"), id=f"{CHOICE}-label", hidden=True),
        dcc.RadioItems(id=CHOICE, className="chart-choice", value=EVERYONE, inline=True),
        dcc.Graph(
            id=GRAPH,
            className="chart-graph",
            responsive=True,
            config={"displaylogo": False, "displayModeBar": False},
        ),
    ],
)


@app.callback([Output(GRAPH, "figure"), Output(CHOICE, "options")], [Input(CHOICE, "value")])  # type: ignore[untyped-decorator]
def draw(chosen: str, *, request: HttpRequest) -> tuple[Figure, list[Option]]:
    """Return the figure of the chosen group in the snapshot of this request, and the groups there are to choose."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return {"data": [], "layout": {}}, []
    summary = summary_of(snapshot)
    options = [{"label": str(group.label), "value": group.key} for group in groups_present(summary)]
    return listening_figure(summary, chosen), [{"label": _("Everyone"), "value": EVERYONE}, *options]
