"""The customer page, and the page for somebody who is not there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.customers import selectors
from webportal.customers.asking import read
from webportal.customers.current import current_snapshot
from webportal.customers.extensions import Slot, with_panels
from webportal.customers.models import Snapshot
from webportal.customers.page import customer_page


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
