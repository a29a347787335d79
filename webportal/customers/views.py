"""Search and the customer page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from webportal.alerts.watching import watch_of
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers import selectors
from webportal.customers.current import current_snapshot
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.numbers import is_wellformed, tidy
from webportal.customers.page import customer_page
from webportal.desk.selectors import panel_for


def search(request: HttpRequest) -> HttpResponse:
    """Lead to the customer whose number was typed, list those it begins, or say that there is none."""
    typed = tidy(request.GET.get("q", ""))
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    if not typed:
        return render(request, "customers/search.html", {"typed": typed})
    if not is_wellformed(typed):
        return _unknown(request, snapshot, typed)
    if selectors.get_customer(request.user, snapshot, typed):
        return redirect("customers:detail", number=typed)
    found = selectors.customers_with_prefix(request.user, snapshot, typed)
    if not found:
        return _unknown(request, snapshot, typed)
    limit = selectors.SEARCH_LIMIT
    _record_list(request, found[:limit], typed)
    context = {"typed": typed, "found": found[:limit], "more": len(found) > limit, "limit": limit}
    return render(request, "customers/search.html", context)


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one customer."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    found = selectors.get_customer_with_scores(request.user, snapshot, number) if is_wellformed(number) else None
    if found is None:
        return _unknown(request, snapshot, tidy(number))
    customer, history = found
    record(Kind.VIEWED, request=request, subjects=[customer.customer_number])
    context = {
        **customer_page(customer, history, snapshot, timezone.now().date()),
        "desk": panel_for(request.user, customer, snapshot, older=request.GET.get("older")),
        "watch": watch_of(request.user, customer.customer_number),
    }
    return render(request, "customers/detail.html", context)


def _unknown(request: HttpRequest, snapshot: Snapshot, typed: str) -> HttpResponse:
    """Say that no customer has this number, or that it cannot be one, and show those that come near."""
    wellformed = is_wellformed(typed)
    near = selectors.customers_near(request.user, snapshot, typed) if wellformed else []
    if near:
        _record_list(request, near, typed)
    context = {"typed": typed, "wellformed": wellformed, "near": near}
    return render(request, "customers/unknown.html", context, status=404)


def _record_list(request: HttpRequest, shown: list[CustomerColumns], typed: str) -> None:
    """Write down whom a list showed."""
    numbers = [customer.customer_number for customer in shown]
    record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": typed})
