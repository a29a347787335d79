"""The exploring chart of the overview: one measure or two, by group. Runs in a frame of its own."""

from dash import dcc, html
from dash.dependencies import Input, Output
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_plotly_dash import DjangoDash

from webportal.customers.current import current_snapshot
from webportal.customers.summary import summary_of
from webportal.insights.charts import EVERYONE, Figure, groups_present, listening_figure
from webportal.insights.spreads import MEASURES, spread_figure

NAME = "listening"
GRAPH = "listening-graph"
CHOICE = "listening-group"
MEASURE = "listening-measure"
BOTH = "both"

Option = dict[str, str]

app = DjangoDash(
    NAME,
    serve_locally=True,
    external_stylesheets=[f"{settings.STATIC_URL}encore/chart-frame.css"],
    # Dash takes a Plotly that is there already, and so leaves its own of four times the size unasked for.
    external_scripts=[
        f"{settings.STATIC_URL}encore/theme.js",
        f"{settings.STATIC_URL}encore/chart-frame.js",
        f"{settings.STATIC_URL}vendor/plotly/plotly-basic.min.js",
    ],
)
app.layout = html.Div(
    className="chart-frame",
    children=[
        html.Span(_("Measure to show"), id=f"{MEASURE}-label", hidden=True),
        dcc.RadioItems(id=MEASURE, className="chart-choice", value=BOTH, inline=True),
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


@app.callback(  # type: ignore[untyped-decorator]
    [Output(GRAPH, "figure"), Output(CHOICE, "options"), Output(MEASURE, "options")],
    [Input(CHOICE, "value"), Input(MEASURE, "value")],
)
def draw(chosen: str, measure: str, *, request: HttpRequest) -> tuple[Figure, list[Option], list[Option]]:
    """Return the figure of the chosen group and measure in the snapshot of this request, and what there is to choose.

    A measure that there is none of is taken for both: the figure is for people, who cannot choose another.
    """
    snapshot = current_snapshot(request)
    if snapshot is None:
        return {"data": [], "layout": {}}, [], []
    summary = summary_of(snapshot)
    groups = [{"label": str(group.label), "value": group.key} for group in groups_present(summary)]
    measures = [{"label": str(label), "value": key} for key, label in MEASURES.items()]
    one = measure in MEASURES
    figure = spread_figure(summary, chosen, measure) if one else listening_figure(summary, chosen)
    everyone, both = {"label": _("Everyone"), "value": EVERYONE}, {"label": _("Both"), "value": BOTH}
    return figure, [everyone, *groups], [both, *measures]
