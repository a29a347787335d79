"""The landing page, and the page about the model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from webportal.customers.current import current_snapshot
from webportal.desk.evaluation import read_evaluation
from webportal.insights.listening_app import NAME
from webportal.insights.model_page import get_model_page
from webportal.insights.risk_trend import get_risk_trend
from webportal.insights.selectors import get_overview


def overview(request: HttpRequest) -> HttpResponse:
    """Show all customers in figures, or say how to get the first ones."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    context = {"overview": get_overview(snapshot), "trend": get_risk_trend(snapshot), "chart": NAME}
    return render(request, "insights/overview.html", context)


def model(request: HttpRequest) -> HttpResponse:
    """Show the model that scored the current snapshot: its card in words, and its figures."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    context = {"model": get_model_page(snapshot), "evaluation": read_evaluation(snapshot)}
    return render(request, "insights/model.html", context)
