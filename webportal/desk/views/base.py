"""What the desk's views share: who may, and about whom."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from webportal.accounts.models import User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import get_customer
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Contact, Note
from webportal.desk.selectors import may_work, panel_for

PANEL = "desk"
"""Place on the customer page: the panel."""

P = ParamSpec("P")
Written = TypeVar("Written", Contact, Note)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_workers(view: View[P]) -> View[P]:
    """Refuse who does not work at the desk, as analysts."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_work(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def load_panel(request: HttpRequest, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the panel on the customer page."""
    return {"desk": panel_for(request.user, page["customer"], older=request.GET.get("older"))}


def worker_of(request: HttpRequest) -> User:
    """Return who is at work."""
    return cast(User, request.user)


def subject_of(request: HttpRequest, number: str) -> tuple[CustomerColumns, Snapshot]:
    """Return the customer of this number and the snapshot; 404 when the user sees no such customer."""
    snapshot = current_snapshot(request)
    customer = get_customer(request.user, snapshot, number) if snapshot and is_wellformed(number) else None
    if snapshot is None or customer is None:
        raise Http404
    return customer, snapshot


def own_of(request: HttpRequest, kind: type[Written], key: int) -> tuple[Written, CustomerColumns]:
    """Return what the user wrote and whom it is about; 404 for somebody else's, or about one whom the user sees not."""
    row = kind.objects.filter(pk=key).first()
    if row is None or row.agent_id != worker_of(request).pk:
        raise Http404
    customer, _snapshot = subject_of(request, row.customer_number)
    return row, customer


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Say on the next page why the desk refused what the block tried; what follows the block goes on."""
    try:
        yield
    except DeskRefusalError as refusal:
        messages.error(request, refusal.words)


def to_customer(number: str, place: str) -> HttpResponseRedirect:
    """Lead to a place on the customer page."""
    return HttpResponseRedirect(f"{reverse('customers:detail', args=[number])}#{place}")


def form_page(
    request: HttpRequest,
    customer: CustomerColumns,
    form: forms.Form,
    *,
    kind: str,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    """Show one form about a customer on a page of its own: with what was wrong, or for a correction.

    `shown` is what the template asks for beside it.
    """
    record(Kind.VIEWED, request=request, subjects=[customer.customer_number])
    context = {"customer": customer, "form": form, "kind": kind, **shown}
    return render(request, "desk/form_page.html", context, status=status)
