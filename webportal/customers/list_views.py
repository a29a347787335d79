"""The filtered list of customers, its export, and suggestions of places."""

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from webportal.accounts.models import User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.csv import csv_response
from webportal.common.patience import TookTooLongError, at_most
from webportal.customers.addresses import Asked, ListForm
from webportal.customers.chips import chips_of
from webportal.customers.current import current_snapshot
from webportal.customers.cursors import BadCursorError, read_cursor, write_cursor
from webportal.customers.exporting import columns_for, rows_of
from webportal.customers.listing import PAGE_SIZE, ListGoneError, Page, Position, Wanted, list_page, wanted_customers
from webportal.customers.models import Snapshot
from webportal.customers.places import known_places, suggested
from webportal.customers.rows import list_rows
from webportal.desk.hold_out import percent_known_to
from webportal.filters.forms import SaveForm
from webportal.filters.selectors import menu_for

LIST_MILLISECONDS = 5_000
CURSOR_SALT = "encore.list.cursor"
BAD_REQUEST = 400


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


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Send every customer that the address asks for as CSV."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    form = _form(request, snapshot)
    if not form.is_valid():
        return render(request, "customers/filtered.html", {"form": form}, status=BAD_REQUEST)
    asked = form.asked()
    told = {"filter": asked.query, "snapshot": snapshot.pk}
    found = wanted_customers(request.user, snapshot, Wanted(asked.filters, asked.order))
    # before the first row: what leaves the house is written down also when the export is cut off
    record(Kind.EXPORTED, request=request, details={**told, "step": "begun"})
    sent = partial(_record_sent, request, told)
    name = f"encore-customers-{snapshot.as_of_date:%Y-%m-%d}.csv"
    return csv_response(name, list(columns_for(found)), rows_of(found, sent))


def places(request: HttpRequest) -> JsonResponse:
    """Return places that hold what was typed."""
    snapshot = current_snapshot(request)
    if snapshot is None:
        return JsonResponse({"places": []})
    found = suggested(snapshot, request.GET.get("q", ""), regions_alone=_regions_alone(request))
    return JsonResponse({"places": found})


def _form(request: HttpRequest, snapshot: Snapshot) -> ListForm:
    known = partial(known_places, snapshot, regions_alone=_regions_alone(request))
    return ListForm(request.GET, known=known, works_at_desk=getattr(request.user, "works_at_desk", False))


def _regions_alone(request: HttpRequest) -> bool:
    return not (isinstance(request.user, User) and request.user.sees_personal_data)


def _position(text: str, asked: Asked) -> Position | None:
    """Return where the page begins, or None for text that is not ours or of another order."""
    try:
        position = Position(*read_cursor(text, CURSOR_SALT))
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
    return {
        "form": form,
        "asked": asked,
        "chips": chips_of(asked),
        "page": page,
        "rows": list_rows(page.customers, percent_known_to(request.user)) if page else [],
        "next": write_cursor(list(page.next), CURSOR_SALT) if page and page.next else "",
        "is_first": position is None,
        "page_size": PAGE_SIZE,
        "list_snapshot": shown,
        "saved": menu_for(request.user),
        "save_form": SaveForm(viewer=request.user, initial={"query": asked.query}),
    }


def _record_sent(request: HttpRequest, told: dict[str, object], count: int, numbers: list[str]) -> None:
    record(Kind.EXPORTED, request=request, subjects=numbers, details={**told, "step": "sent", "customers": count})
