"""The customer page, and the page for an unknown number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.customers import selectors
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.detail.explanation import read_change, read_explanation
from webportal.customers.detail.risk import compare, read_of_a_hundred, read_risk
from webportal.customers.detail.timeline import read_activity, read_timeline
from webportal.customers.detail.trend import PastScore, read_trend
from webportal.customers.detail.warnings import read_doubts
from webportal.customers.extensions import Slot, with_panels
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.search import read


def customer_page(
    customer: CustomerColumns, history: Sequence[PastScore], snapshot: Snapshot, today: date
) -> dict[str, Any]:
    """Return the context of `customers/detail.html`; asks the database nothing."""
    risk = read_risk(customer, snapshot)
    return {
        "customer": customer,
        "risk": risk,
        "of_a_hundred": read_of_a_hundred(customer, snapshot),
        "trend": read_trend(history, risk),
        "explanation": read_explanation(customer, snapshot),
        "change": read_change(customer, snapshot),
        "doubts": read_doubts(customer, snapshot, today),
        "comparisons": compare(customer, snapshot),
        "activity": read_activity(customer, snapshot),
        "timeline": read_timeline(customer),
    }


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one customer."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    found = selectors.get_customer_with_scores(request.user, snapshot, number) if is_wellformed(number) else None
    if found is None:
        return unknown(request, snapshot, number.strip())
    customer, history = found
    record(Kind.VIEWED, request=request, subjects=[customer.customer_number])
    page = customer_page(customer, history, snapshot, timezone.now().date())
    context = with_panels(request, page, Slot.CUSTOMER_SIDE, Slot.CUSTOMER_BADGES)
    return render(request, "customers/detail.html", context)


def unknown(request: HttpRequest, snapshot: Snapshot, typed: str) -> HttpResponse:
    """Say that no customer has this number or name, or that it can be neither, and show numbers that come near."""
    asked = read(typed)
    near = selectors.customers_near(request.user, snapshot, typed) if asked.numbers and is_wellformed(typed) else []
    if near:
        numbers = [customer.customer_number for customer in near]
        record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": typed})
    context = {"typed": typed, "asked": asked, "near": near}
    return render(request, "customers/unknown.html", context, status=404)
