"""Which of django-plotly-dash's addresses exist here, and what stands before them."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from django_plotly_dash.dash_wrapper import all_apps

from webportal.insights.questions import is_question

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
