"""The landing page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from webportal.customers.current import current_snapshot
from webportal.insights.listening_app import NAME
from webportal.insights.selectors import get_overview


def overview(request: HttpRequest) -> HttpResponse:
    """Show all customers in figures, or say how to get the first ones."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    return render(request, "insights/overview.html", {"overview": get_overview(snapshot), "chart": NAME})
