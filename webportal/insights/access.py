"""Which of django-plotly-dash's addresses exist here, and what stands before them."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django_plotly_dash.dash_wrapper import all_apps

DashView = Callable[..., HttpResponse]

NAMES = frozenset(
    {
        "app-asset-redirect",
        "app-component-component-suites",
        "app-component-suites",
        "app-dependencies",
        "app-layout",
        "app-main",
        "app-update-component",
    }
)


def known_dash_app(view: DashView, **_: object) -> DashView:
    """Let only registered apps through, so that an invented name is "no such page" and not an error.

    That the visitor is signed in is seen to by LoginRequiredMiddleware, for these addresses as for all others.
    """

    @wraps(view)
    def guarded(request: HttpRequest, ident: str, **kwargs: object) -> HttpResponse:
        if ident not in all_apps():
            raise Http404(f"There is no chart {ident!r}.")
        return view(request, ident=ident, **kwargs)

    return guarded


def dash_patterns() -> list[URLPattern]:
    """Return the addresses of stateless apps alone.

    Left out are stored app instances and initial arguments, which Encore has none of, `add_stateless_apps`, which
    writes on GET, and `_dash-routes`, which the library names and never wrote.
    """
    from django_plotly_dash.urls import urlpatterns

    return [pattern for pattern in urlpatterns if pattern.name in NAMES]
