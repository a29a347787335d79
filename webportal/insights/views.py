"""The landing page, and the page about the model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from webportal.accounts.models import User
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.listing.views import places_of
from webportal.customers.models import Snapshot
from webportal.desk.evaluation import read_evaluation
from webportal.insights.breakdowns import get_risk_trend
from webportal.insights.dash_app import NAME
from webportal.insights.model_page import get_model_page
from webportal.insights.overview import get_overview


def overview(request: HttpRequest) -> HttpResponse:
    """Show all customers in figures, or say how to get the first ones."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    context = {
        "overview": get_overview(snapshot, _regions(request, snapshot)),
        "trend": get_risk_trend(snapshot),
        "chart": NAME,
    }
    return render(request, "insights/overview.html", context)


def _regions(request: HttpRequest, snapshot: Snapshot) -> tuple[str, ...] | None:
    """Return the places that lists of an analyst can be narrowed down to; None where every place is shown."""
    if isinstance(request.user, User) and request.user.sees_personal_data:
        return None
    return places_of(request.user, snapshot)


def model(request: HttpRequest) -> HttpResponse:
    """Show the model that scored the current snapshot: its card in words, and its figures."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    context = {"model": get_model_page(snapshot), "evaluation": read_evaluation(snapshot)}
    return render(request, "insights/model.html", context)
