"""Notes of the customer page: written, given other words, withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from webportal.desk.forms import NoteForm
from webportal.desk.models import Note
from webportal.desk.services.notes import REFUSAL, edit_note, is_editable, withdraw_note, write_note
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
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Write a note."""
    customer, _snapshot = subject_of(request, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form_page(request, customer, form, kind="note", status=400)
    token, words = form.cleaned_data["token"], form.cleaned_data["words"]
    with refusals_told(request):
        write_note(agent=worker_of(request), customer=customer, token=token, words=words)
        messages.success(request, _("Note written."))
    return to_customer(number, PANEL)


@require_http_methods(["GET", "POST"])
@for_workers
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """Show one's own note again, to be given other words or withdrawn."""
    note, customer = own_of(request, Note, note_id)
    if request.method == "GET":
        if not is_editable(note, worker_of(request)):
            messages.error(request, REFUSAL)
            return to_customer(note.customer_number, PANEL)
        form = NoteForm.fresh(words=note.words)
        return form_page(request, customer, form, kind="edit", note=note)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form_page(request, customer, form, kind="edit", status=400, note=note)
    token, words = form.cleaned_data["token"], form.cleaned_data["words"]
    with refusals_told(request):
        edit_note(agent=worker_of(request), note_id=note.pk, token=token, words=words)
        messages.success(request, _("Note saved. What stood there before is kept, and shown no longer."))
    return to_customer(note.customer_number, PANEL)


@require_POST
@for_workers
def withdraw(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take one's own note off the page."""
    note, _customer = own_of(request, Note, note_id)
    with refusals_told(request):
        withdraw_note(agent=worker_of(request), note_id=note.pk)
        messages.success(request, _("Note withdrawn. It is kept, and shown no longer."))
    return to_customer(note.customer_number, PANEL)
