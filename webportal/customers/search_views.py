"""The search box: what it leads to, and what it suggests while somebody types."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.query_limits import TookTooLongError, at_most
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.detail.views import unknown
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.search import Asked, Found, find, read

SEARCH_LIMIT = 25
SUGGESTED = 8
SEARCH_MILLISECONDS = 3_000
SUGGEST_MILLISECONDS = 1_000


def search(request: HttpRequest) -> HttpResponse:
    """Lead to the customer who was meant, list those who may be, or say that there is none."""
    typed = request.GET.get("q", "").strip()
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    asked = read(typed)
    if not typed:
        return render(request, "customers/search.html", {"typed": typed})
    if asked.is_nothing:
        return unknown(request, snapshot, typed)
    try:
        found = _find(request, snapshot, asked, typed, SEARCH_LIMIT, SEARCH_MILLISECONDS)
    except TookTooLongError:
        return render(request, "customers/search.html", {"typed": typed, "too_long": True})
    if found.only is not None:
        return redirect("customers:detail", number=found.only.customer_number)
    if not found.customers:
        return unknown(request, snapshot, typed)
    context = {"typed": typed, "found": found.customers, "more": found.more, "limit": SEARCH_LIMIT}
    return render(request, "customers/search.html", context)


def suggest(request: HttpRequest) -> JsonResponse:
    """Return the few customers who may be meant so far."""
    typed = request.GET.get("q", "").strip()
    snapshot, asked = current_snapshot(request), read(typed)
    if snapshot is None or asked.is_nothing:
        return JsonResponse({"options": [], "note": _("Nobody is called so.") if typed else ""})
    try:
        found = _find(request, snapshot, asked, typed, SUGGESTED, SUGGEST_MILLISECONDS)
    except TookTooLongError:
        return JsonResponse({"options": [], "note": _("That takes too long. Type more of the name or the number.")})
    return JsonResponse({"options": [_option(each) for each in found.customers], "note": _note(found)})


def _find(request: HttpRequest, snapshot: Snapshot, asked: Asked, typed: str, limit: int, milliseconds: int) -> Found:
    """Find, and write down who is shown, within one bound of time."""
    with at_most(milliseconds):
        found = find(request.user, snapshot, asked, limit)
        if found.customers:
            numbers = [each.customer_number for each in found.customers]
            record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": typed})
    return found


def _note(found: Found) -> str:
    if not found.customers:
        return _("No customer matches.")
    return _("There are more. Type on to narrow them down.") if found.more else ""


def _option(customer: CustomerColumns) -> dict[str, str]:
    return {
        "number": customer.customer_number,
        "name": customer.shown_name,
        "place": customer.location or "",
        "band": customer.group.key,
        "risk": str(customer.group.label),
        "address": customer.get_absolute_url(),
    }
