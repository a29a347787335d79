"""The screen-pop and the card: addresses that a CRM opens on a call, and a card in a frame of its own."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from webportal.accounts.models import User
from webportal.accounts.roles import Right
from webportal.api.cards import Card, CardRefusedError, open_card
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import NumberKey, keys_of, plain
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.detail.explanation import read_explanation
from webportal.customers.detail.risk import read_risk
from webportal.customers.detail.views import unknown
from webportal.customers.detail.warnings import read_doubts
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to
from webportal.desk.selectors import lately_of

REASONS_SHOWN = 3
MOST = 25
"""So many customers of one number are listed."""


@require_safe
def pop(request: HttpRequest, number: str | None = None) -> HttpResponse:
    """Open the customer whose number came in whatever writing; list those it may mean, or say that there is none."""
    written = request.GET.get("number", "") if number is None else number
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    typed = plain(written)
    found = customers_written(request.user, snapshot, written)
    if not found:
        return unknown(request, snapshot, typed) if typed else redirect("customers:search")
    if len(found) == 1:
        return redirect("customers:detail", number=found[0].customer_number)
    shown = found[:MOST]
    _record_list(request, shown, typed)
    context = {"typed": typed, "found": shown, "more": len(found) > len(shown)}
    return render(request, "api/several.html", context)


@login_not_required
@require_safe
def card(request: HttpRequest, signed: str) -> HttpResponse:
    """Show a customer to whoever holds a signed address; rendered without the request, so that no cookie is asked."""
    try:
        opened = open_card(signed)
    except CardRefusedError as refused:
        words = render_to_string("api/no_card.html", {"words": refused.why.words})
        return _unkept(HttpResponse(words, status=refused.why.status))
    number, token = opened.customer.customer_number, opened.token
    record(
        Kind.VIEWED,
        request=request,
        actor=token.owner,
        subjects=[number],
        details={"card": True, "token": token.prefix},
    )
    return _unkept(HttpResponse(render_to_string("api/card.html", _content(opened))))


def customers_written(viewer: Viewer, snapshot: Snapshot, written: str) -> list[CustomerColumns]:
    """Return the customers whom a number in any writing may mean, in order: one above `MOST` when there are more.

    Whoever sees pseudonyms in place of numbers asks by them; they are in capitals, and the index of numbers does not
    know them.
    """
    keys = keys_of(written)
    visible = customers_visible_to(viewer, snapshot)
    if not keys:
        return []
    if not (isinstance(viewer, User) and viewer.has_right(Right.SEE_PERSONAL_DATA)):
        pseudonyms = visible.filter(customer_number__in=[key.upper() for key in keys])
        return list(pseudonyms.order_by("customer_number")[: MOST + 1])
    keyed = visible.alias(key=NumberKey("customer_number")).filter(key__in=keys)
    return list(keyed.order_by("customer_number")[: MOST + 1])


def _content(opened: Card) -> dict[str, object]:
    customer, snapshot = opened.customer, opened.snapshot
    explanation = read_explanation(customer, snapshot)
    return {
        "customer": customer,
        "risk": read_risk(customer, snapshot),
        "lately": lately_of(opened.token.owner, customer),
        "reasons": explanation.parts[:REASONS_SHOWN] if explanation else (),
        "doubts": read_doubts(customer, snapshot, timezone.now().date()),
        "shown": snapshot,
    }


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _record_list(request: HttpRequest, shown: list[CustomerColumns], typed: str) -> None:
    numbers = [customer.customer_number for customer in shown]
    record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": typed})
