"""The filtered list of customers, its export, and suggestions of places."""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import cast

from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from webportal.accounts.models import User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.csv_export import csv_response
from webportal.common.query_limits import TookTooLongError, at_most
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.extensions import Slot, with_panels
from webportal.customers.hold_out import percent_known_to
from webportal.customers.listing.filters import Asked, ListForm, chips_of
from webportal.customers.listing.paging import (
    PAGE_SIZE,
    POSITION_TYPES,
    BadCursorError,
    ListGoneError,
    Page,
    Position,
    Wanted,
    list_page,
    read_cursor,
    wanted_customers,
    write_cursor,
)
from webportal.customers.listing.rows import SENT, ExportForm, begin_export, columns_for, list_rows, rows_of
from webportal.customers.models import CustomerColumns, Snapshot, summary_of
from webportal.customers.selectors import Viewer, customers_visible_to

MOST_KNOWN = 5_000
MOST_SUGGESTED = 12

# Jumps from one place to the next along the index of places: a thousand probes, where `distinct` reads every customer.
_DISTINCT = f"""
with recursive known (place) as (
    (select location from {CUSTOMER_SNAPSHOT.name} where snapshot_id = %(snapshot)s order by location limit 1)
    union all
    select (select c.location from {CUSTOMER_SNAPSHOT.name} c
            where c.snapshot_id = %(snapshot)s and c.location > known.place order by c.location limit 1)
    from known where known.place is not null
)
select place from known where place is not null limit %(most)s
"""  # noqa: S608 - a name of the contract


@lru_cache(maxsize=4)
def _places_of(snapshot_id: int) -> tuple[str, ...]:
    """Return the distinct places of a snapshot, at most `MOST_KNOWN`: read once a process, since they never change."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT, {"snapshot": snapshot_id, "most": MOST_KNOWN})
        return tuple(place for (place,) in cursor.fetchall())


def places_of(viewer: Viewer, snapshot: Snapshot, holding: str = "") -> tuple[str, ...]:
    """Return regions, then whole places, at which `viewer` sees customers; without personal data regions alone.

    With a text in lower case only places that hold it count; a region is the end of its places.
    """
    whole = tuple(place for place in _places_of(snapshot.pk) if holding in place.casefold())
    visible = customers_visible_to(viewer, snapshot)
    if visible.model.is_pseudonymous:
        return _among(visible, _regions_of(whole)) if _is_scoped(viewer) else _regions_of(whole)
    if _is_scoped(viewer):
        whole = _among(visible, whole)
    return (*_regions_of(whole), *whole)


def known_places(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """Return each place by its writing, and by that in lower case where no place is written so."""
    places = places_of(viewer, snapshot)
    return {place.casefold(): place for place in places} | {place: place for place in places}


def suggested(viewer: Viewer, snapshot: Snapshot, typed: str) -> list[str]:
    """Return places that begin with what was typed, then those that hold it."""
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return []
    holding = [place for place in places_of(viewer, snapshot, wanted) if wanted in place.casefold()]
    return sorted(holding, key=lambda place: not place.casefold().startswith(wanted))[:MOST_SUGGESTED]


def _regions_of(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({place.rpartition(", ")[2] for place in places if ", " in place}))


def _is_scoped(viewer: Viewer) -> bool:
    """Tell whether a viewer sees some customers alone; anybody who is no user sees none."""
    if not isinstance(viewer, User):
        return True
    return viewer.team is not None and not viewer.team.sees_all and not viewer.is_administrator


def _among(visible: QuerySet[CustomerColumns], places: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `places` at which there is a customer of `visible`: a probe of an index each."""
    there = visible.filter(location=RawSQL("known.place", ())).order_by().values(one=Value(1))
    try:
        probe, parameters = there.query.sql_with_params()
    except EmptyResultSet:
        return ()
    listed = "select place from unnest(%s::text[]) with ordinality as known (place, nth)"
    with connection.cursor() as cursor:
        cursor.execute(f"{listed} where exists ({probe}) order by nth", [list(places), *parameters])
        return tuple(place for (place,) in cursor.fetchall())


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
