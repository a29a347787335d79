"""The screen-pop and the card."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import plain
from webportal.crm import selectors
from webportal.crm.cards import Card, CardRefusedError, open_card
from webportal.customers.current import current_snapshot
from webportal.customers.doubts import read_doubts
from webportal.customers.explanation import read_explanation
from webportal.customers.models import CustomerColumns
from webportal.customers.risk import read_risk
from webportal.customers.views import unknown
from webportal.desk.selectors import lately_of

REASONS_SHOWN = 3


@require_safe
def pop(request: HttpRequest, number: str | None = None) -> HttpResponse:
    """Open the customer whose number came in whatever writing; list those it may mean, or say that there is none."""
    written = request.GET.get("number", "") if number is None else number
    snapshot = current_snapshot(request)
    if snapshot is None:
        return render(request, "common/empty.html", status=404)
    typed = plain(written)
    found = selectors.customers_written(request.user, snapshot, written)
    if not found:
        return unknown(request, snapshot, typed) if typed else redirect("customers:search")
    if len(found) == 1:
        return redirect("customers:detail", number=found[0].customer_number)
    shown = found[: selectors.MOST]
    _record_list(request, shown, typed)
    context = {"typed": typed, "found": shown, "more": len(found) > len(shown)}
    return render(request, "crm/several.html", context)


@login_not_required
@require_safe
def card(request: HttpRequest, signed: str) -> HttpResponse:
    """Show a customer to whoever holds a signed address; rendered without the request, so that no cookie is asked."""
    try:
        opened = open_card(signed)
    except CardRefusedError as refused:
        words = render_to_string("crm/no_card.html", {"words": refused.why.words})
        return _unkept(HttpResponse(words, status=refused.why.status))
    number, token = opened.customer.customer_number, opened.token
    record(
        Kind.VIEWED,
        request=request,
        actor=token.owner,
        subjects=[number],
        details={"card": True, "token": token.prefix},
    )
    return _unkept(HttpResponse(render_to_string("crm/card.html", _content(opened))))


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
