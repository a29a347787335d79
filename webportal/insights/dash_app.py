"""The exploring chart of the overview: the Dash app, its addresses, and the checks of its requests."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from dash import dcc, html
from dash.dependencies import Input, Output
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django_plotly_dash import DjangoDash
from django_plotly_dash.dash_wrapper import all_apps

from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.models import summary_of
from webportal.insights.charts import EVERYONE, MEASURES, Figure, groups_present, listening_figure, spread_figure

Part = dict[str, Any]


def is_question(body: bytes, ident: str) -> bool:
    """Tell whether `body` asks a callback of the app `ident` for its outputs, with the inputs that it declares.

    The value of each is a text: what people choose among in our charts is.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(asked, dict) or not isinstance(asked.get("output"), str):
        return False
    declared = _callbacks(ident).get(asked["output"])
    return (
        declared is not None
        and _names(asked.get("inputs")) == _names(declared["inputs"])
        and _names(asked.get("state", [])) == _names(declared["state"])
        and _are_words([part.get("value") for part in [*asked["inputs"], *asked.get("state", [])]])
        and _output_of(asked.get("outputs")) == asked["output"]
        and _are_words(asked.get("changedPropIds", []))
    )


@cache
def _callbacks(ident: str) -> dict[str, Part]:
    """Return the callbacks of an app by the name of their outputs; they never change once it is registered."""
    callbacks: dict[str, Part] = all_apps()[ident].do_form_dash_instance().callback_map
    return callbacks


def _names(parts: object) -> list[str] | None:
    """Return `id.property` of each part, or None when these are no parts."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return None
    return [f"{part.get('id')}.{part.get('property')}" for part in parts]


def _output_of(outputs: object) -> str | None:
    """Return the name that Dash gives to one output, or to several."""
    if isinstance(outputs, dict):
        return f"{outputs.get('id')}.{outputs.get('property')}"
    names = _names(outputs)
    return f"..{'...'.join(names)}.." if names else None


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


DashView = Callable[..., HttpResponse]

UPDATE = "update-component"
NEEDED = frozenset(
    {"app-main", "app-layout", "app-dependencies", "app-update-component", "app-component-suites"}
    | {"app-component-component-suites"}
)
"""Addresses of stateless apps that a Dash page asks for."""


def known_dash_app(view: DashView, name: str = "", **_: object) -> DashView:
    """Let only questions through that a page of ours asks, of registered apps.

    An invented name is "no such page" and not an error, and so is what nobody asks. That the visitor is signed in is
    seen to by LoginRequiredMiddleware, for these addresses as for all others.
    """
    allowed = ["POST"] if name == UPDATE else ["GET", "HEAD"]

    @wraps(view)
    def guarded(request: HttpRequest, ident: str, **kwargs: object) -> HttpResponse:
        if ident not in all_apps():
            raise Http404(f"There is no chart {ident!r}.")
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        if name == UPDATE and not is_question(request.body, ident):
            raise BadRequest
        return view(request, ident=ident, **kwargs)

    return guarded


def dash_patterns() -> list[URLPattern]:
    """Return the addresses in `NEEDED` alone.

    Left out are stored app instances, which Encore has none of, `add_stateless_apps`, which writes on GET, addresses
    that are not implemented, and those that take the state of an app from the session.
    """
    from django_plotly_dash.urls import urlpatterns

    return [pattern for pattern in urlpatterns if pattern.name in NEEDED]


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
