"""Recording contacts, correcting and withdrawing them, making tasks: forms of the customer page."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from webportal.desk.errors import DeskRefusalError
from webportal.desk.forms import ContactForm, TaskForm
from webportal.desk.models import Contact, TaskReason
from webportal.desk.services.contacts import TOLD, correct_contact, is_correctable, record_contact, withdraw_contact
from webportal.desk.services.tasks import make_task
from webportal.desk.views.base import (
    PANEL,
    for_workers,
    form_page,
    own_of,
    refusals_told,
    subject_of,
    to_customer,
    worker_of,
)


@require_POST
@for_workers
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Record a contact; the browser lands on the panel, where it can be undone."""
    customer, snapshot = subject_of(request, number)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return form_page(request, customer, form, kind="contact", status=400)
    token = form.cleaned_data["token"]
    try:
        row, is_new = record_contact(
            agent=worker_of(request), customer=customer, snapshot=snapshot, token=token, told=form.cleaned_data
        )
    except DeskRefusalError as refusal:
        messages.error(request, refusal.words)
        return to_customer(number, PANEL)
    if is_new:
        messages.success(request, _("Recorded: %(outcome)s.") % {"outcome": row.get_outcome_display()})
    else:
        messages.info(request, _("This was recorded already. Nothing was written twice."))
    return to_customer(number, PANEL)


@require_http_methods(["GET", "POST"])
@for_workers
def correction(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show one's own contact again, to be told anew."""
    agent = worker_of(request)
    old, customer = own_of(request, Contact, contact_id)
    if not is_correctable(old, agent):
        messages.error(request, _("Only entries of the last 24 hours can be corrected, and each once."))
        return to_customer(old.customer_number, PANEL)
    if request.method == "GET":
        told = {name: getattr(old, name) for name in (*TOLD, "at")}
        form = ContactForm(initial={**told, "token": uuid4()})
        return form_page(request, customer, form, kind="correction", contact=old)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return form_page(request, customer, form, kind="correction", status=400, contact=old)
    with refusals_told(request):
        correct_contact(agent=agent, contact_id=old.pk, token=form.cleaned_data["token"], told=form.cleaned_data)
        messages.success(request, _("Corrected. What stood there before is kept, and counts no longer."))
    return to_customer(old.customer_number, PANEL)


@require_POST
@for_workers
def withdraw(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Withdraw one's own contact."""
    contact, _customer = own_of(request, Contact, contact_id)
    with refusals_told(request):
        withdraw_contact(agent=worker_of(request), contact_id=contact.pk)
        messages.success(request, _("Undone: the entry counts no longer."))
    return to_customer(contact.customer_number, PANEL)


@require_POST
@for_workers
def task(request: HttpRequest, number: str) -> HttpResponse:
    """Make a task by hand."""
    customer, _snapshot = subject_of(request, number)
    form = TaskForm(request.POST)
    if not form.is_valid():
        return form_page(request, customer, form, kind="task", status=400)
    asked = form.cleaned_data
    with refusals_told(request):
        made = make_task(
            by=worker_of(request),
            customer=customer,
            reason=TaskReason(asked["why"]),
            due_on=asked["due_on"],
            words=asked["what"],
            mine=asked["mine"],
        )
        messages.success(request, _("Task made for %(day)s.") % {"day": made.due_on.isoformat()})
    return to_customer(number, PANEL)
