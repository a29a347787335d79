"""The filtered list of customers, its export, and suggestions of places."""

from functools import partial
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from webportal.accounts.models import User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.csv import csv_response
from webportal.common.patience import TookTooLongError, at_most
from webportal.customers.addresses import Asked, ListForm
from webportal.customers.chips import chips_of
from webportal.customers.current import current_snapshot
from webportal.customers.cursors import BadCursorError, read_cursor, write_cursor
from webportal.customers.exporting import SENT, begin_export, columns_for, rows_of
from webportal.customers.extensions import Slot, with_panels
from webportal.customers.forms import ExportForm
from webportal.customers.hold_out import percent_known_to
from webportal.customers.listing import (
    PAGE_SIZE,
    POSITION_TYPES,
    ListGoneError,
    Page,
    Position,
    Wanted,
    list_page,
    wanted_customers,
)
from webportal.customers.models import Snapshot
from webportal.customers.places import known_places, suggested
from webportal.customers.rows import list_rows
from webportal.customers.summary import summary_of

LIST_MILLISECONDS = 5_000
CURSOR_SALT = "encore.list.cursor"
BAD_REQUEST = 400
TOO_MANY_REQUESTS = 429


def customers(request: HttpRequest) -> HttpResponse:
    """Show one page of the customers that the address asks for."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    form = _form(request, snapshot)
    if not form.is_valid():
        return render(request, "customers/filtered.html", {"form": form}, status=BAD_REQUEST)
    asked, after = form.asked(), request.GET.get("after", "")
    shown, position = snapshot, None
    if after:
        position = _position(after, asked)
        began_in = _snapshot_of(position, snapshot)
        if position is None or began_in is None:
            return _from_the_beginning(asked)
        shown = began_in
    try:
        page = _page(request, shown, Wanted(asked.filters, asked.order, position), asked)
    except ListGoneError:
        return _from_the_beginning(asked)
    except TookTooLongError:
        page = None
    return render(request, "customers/filtered.html", _context(request, form, asked, page, position, shown))


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask what an export is for, and send every customer that the address asks for as CSV."""
    user = cast(User, request.user)
    if not user.exports_lists:
        raise PermissionDenied
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    form = _form(request, snapshot)
    if not form.is_valid():
        return render(request, "customers/filtered.html", {"form": form}, status=BAD_REQUEST)
    asked = form.asked()
    purpose = ExportForm(request.POST or None)
    context = {"purpose": purpose, "asked": asked, "chips": chips_of(asked), "export_snapshot": snapshot}
    if request.method != "POST" or not purpose.is_valid():
        status = BAD_REQUEST if request.method == "POST" else 200
        return render(request, "customers/export.html", context, status=status)
    words, told = purpose.cleaned_data["purpose"], {"filter": asked.query, "snapshot": snapshot.pk}
    if not begin_export(user, words, told):
        return render(request, "customers/export.html", {**context, "too_many": True}, status=TOO_MANY_REQUESTS)
    found = wanted_customers(user, snapshot, Wanted(asked.filters, asked.order))
    name = f"encore-customers-{snapshot.as_of_date:%Y-%m-%d}.csv"
    sent = partial(_record_sent, request, words, told)
    return csv_response(name, list(columns_for(found)), rows_of(found, asked.order, percent_known_to(user), sent))


def places(request: HttpRequest) -> JsonResponse:
    """Return places that hold what was typed."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return JsonResponse({"places": []})
    found = suggested(request.user, snapshot, request.GET.get("q", ""))
    return JsonResponse({"places": found})


def _form(request: HttpRequest, snapshot: Snapshot) -> ListForm:
    known = partial(known_places, request.user, snapshot)
    works_at_desk = getattr(request.user, "works_at_desk", False)
    return ListForm(request.GET, known=known, works_at_desk=works_at_desk, summary=summary_of(snapshot))


def _position(text: str, asked: Asked) -> Position | None:
    """Return where the page begins, or None for text that is not ours or of another order."""
    try:
        position = Position(*read_cursor(text, CURSOR_SALT, POSITION_TYPES))
    except BadCursorError:
        return None
    return position if position.order == asked.order else None


def _snapshot_of(position: Position | None, current: Snapshot) -> Snapshot | None:
    """Return the snapshot that paging began in: a publish in between must not show customers twice or never."""
    if position is None or position.snapshot_id == current.pk:
        return current
    return Snapshot.objects.filter(pk=position.snapshot_id).defer("model_card").first()


def _from_the_beginning(asked: Asked) -> HttpResponse:
    address = reverse("customers:list")
    return redirect(f"{address}?{asked.query}" if asked.query else address)


def _page(request: HttpRequest, snapshot: Snapshot, wanted: Wanted, asked: Asked) -> Page:
    with at_most(LIST_MILLISECONDS):
        page = list_page(request.user, snapshot, wanted)
        numbers = [each.customer_number for each in page.customers]
        if numbers:
            record(Kind.SEARCHED, request=request, subjects=numbers, details={"filter": asked.query})
    return page


def _context(
    request: HttpRequest, form: ListForm, asked: Asked, page: Page | None, position: Position | None, shown: Snapshot
) -> dict[str, object]:
    shared = {
        "form": form,
        "asked": asked,
        "chips": chips_of(asked),
        "page": page,
        "rows": list_rows(page.customers, percent_known_to(request.user)) if page else [],
        "next": write_cursor(list(page.next), CURSOR_SALT) if page and page.next else "",
        "is_first": position is None,
        "page_size": PAGE_SIZE,
        "list_snapshot": shown,
    }
    return with_panels(request, shared, Slot.LIST_HEAD)


def _record_sent(request: HttpRequest, purpose: str, told: dict[str, object], numbers: list[str]) -> None:
    details = {**told, "step": SENT, "customers": len(numbers)}
    record(Kind.EXPORTED, request=request, subjects=numbers, purpose=purpose, details=details)
