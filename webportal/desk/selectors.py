"""Reads of contacts, notes and tasks: the panel on the customer page, and what lists of customers filter by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from webportal.accounts.models import DeskSettings, User
from webportal.customers.hold_out import is_held_out
from webportal.customers.models import CustomerColumns
from webportal.customers.selectors import Viewer
from webportal.desk.forms import ContactForm, NoteForm, TaskForm
from webportal.desk.models import Channel, Contact, Note, Outcome, State, Task
from webportal.desk.services.contacts import is_correctable
from webportal.desk.services.notes import is_editable

CONTACTS_SHOWN = 10
NOTES_SHOWN = 20
UNDO_MINUTES = 15
"""So long the panel offers to undo an entry at its head; its own page offers it for a day."""
LONGEST_ID = 18
"""Digits of an id that is looked up: more would not fit into the database's integer."""


class ContactPlace(NamedTuple):
    """The last contact of a page, by what contacts are sorted by: the next page goes on behind."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Fatigue:
    """That a customer was contacted often lately: how often in how many days, and the last time."""

    contacts: int
    days: int
    last: Contact
    days_ago: int


@dataclass(frozen=True)
class Notices:
    """What speaks against a call: that a customer was contacted often lately, or is in the hold-out group."""

    fatigue: Fatigue | None
    held_out: bool


@dataclass(frozen=True)
class Lately:
    """What somebody should know before they call: the last contact, and what speaks against a call."""

    last: Contact | None
    notices: Notices


@dataclass(frozen=True)
class Panel:
    """The desk's part of the customer page."""

    contacts: list[Contact]
    older: ContactPlace | None
    """Where the next page of contacts goes on; None on the last one."""
    notes: list[Note]
    editable: frozenset[int]
    """Those of `notes` that the viewer may change."""
    tasks: list[Task]
    notices: Notices
    correctable: frozenset[int]
    """Those of `contacts` that the viewer may still correct or withdraw."""
    undoable: Contact | None
    """The newest contact, when the viewer has recorded it within the last `UNDO_MINUTES`."""
    contact_form: ContactForm = field(compare=False)
    note_form: NoteForm = field(compare=False)
    task_form: TaskForm = field(compare=False)


def may_work(viewer: Viewer) -> bool:
    """Tell whether a viewer records contacts and sees those of others."""
    return isinstance(viewer, User) and viewer.works_at_desk


def panel_for(viewer: Viewer, customer: CustomerColumns, older: str | None = None) -> Panel | None:
    """Return the panel about a customer whom the viewer sees; None for who does not work at the desk, as analysts.

    Args:
        viewer: who looks.
        customer: one that `customers_visible_to` gave.
        older: id of `Panel.older` of the page before, as it came in the address; anything else begins anew.
    """
    if not isinstance(viewer, User) or not may_work(viewer):
        return None
    number = customer.customer_number
    contacts, further = contacts_page(number, place_of(number, older))
    notes = list(Note.objects.filter(customer_number=number, standing=True).select_related("agent")[:NOTES_SHOWN])
    correctable = frozenset(each.pk for each in contacts if is_correctable(each, viewer))
    tasks = list(Task.objects.filter(customer_number=number, state=State.OPEN).select_related("assignee"))
    called_for = any(task.assignee_id == viewer.pk for task in tasks)
    return Panel(
        contacts=contacts,
        older=further,
        notes=notes,
        editable=frozenset(note.pk for note in notes if is_editable(note, viewer)),
        tasks=tasks,
        notices=_notices_of(customer),
        correctable=correctable,
        undoable=_undoable(contacts, correctable),
        contact_form=ContactForm.fresh(channel=Channel.WE_CALLED if called_for else Channel.THEY_CALLED),
        note_form=NoteForm.fresh(),
        task_form=TaskForm.fresh(today=timezone.now().date()),
    )


def _undoable(contacts: list[Contact], correctable: frozenset[int]) -> Contact | None:
    since = timezone.now() - timedelta(minutes=UNDO_MINUTES)
    fresh = [each for each in contacts if each.pk in correctable and each.recorded_at > since]
    return max(fresh, key=lambda each: each.recorded_at, default=None)


def lately_of(viewer: Viewer, customer: CustomerColumns) -> Lately | None:
    """Return what to know before calling a customer whom the viewer sees; None for those not of the desk."""
    if not may_work(viewer):
        return None
    contacts, _further = contacts_page(customer.customer_number, size=1)
    return Lately(last=contacts[0] if contacts else None, notices=_notices_of(customer))


def _notices_of(customer: CustomerColumns) -> Notices:
    desk = DeskSettings.current()
    fatigue = fatigue_of(customer.customer_number, desk, timezone.now())
    return Notices(fatigue, is_held_out(customer, desk.hold_out_percent))


def contacts_page(
    number: str, behind: ContactPlace | None = None, size: int = CONTACTS_SHOWN
) -> tuple[list[Contact], ContactPlace | None]:
    """Return at most `size` standing contacts, newest first, and where the next page goes on; None on the last one."""
    contacts = Contact.objects.filter(customer_number=number, standing=True)
    if behind:
        contacts = contacts.filter(Q(at__lt=behind.at) | Q(at=behind.at, pk__lt=behind.id), at__lte=behind.at)
    found = list(contacts.select_related("agent")[: size + 1])
    shown = found[:size]
    return shown, ContactPlace(shown[-1].at, shown[-1].pk) if len(found) > size else None


def place_of(number: str, written: str | None) -> ContactPlace | None:
    """Return the place of the standing contact whose id an address names, or None when it names none."""
    if not written or not written.isdecimal() or len(written) > LONGEST_ID:
        return None
    at = Contact.objects.filter(customer_number=number, standing=True, pk=int(written)).values_list("at", flat=True)
    return ContactPlace(at[0], int(written)) if at else None


def fatigue_of(number: str, desk: DeskSettings, now: datetime) -> Fatigue | None:
    """Return the notice when a customer was reached as often as the settings say, else None."""
    since = now - timedelta(days=desk.fatigue_days)
    reached = list(reached_contacts().filter(customer_number=number, at__gte=since).select_related("agent"))
    if len(reached) < desk.fatigue_contacts:
        return None
    return Fatigue(len(reached), desk.fatigue_days, reached[0], (now.date() - reached[0].at.date()).days)


def reached_contacts() -> QuerySet[Contact]:
    """Return the contacts that stand and reached somebody."""
    return Contact.objects.filter(standing=True).exclude(outcome=Outcome.NOT_REACHED)


def contacted_numbers(within_days: int) -> "QuerySet[Contact, str]":
    """Return the numbers of customers who were reached within so many days up to now, for `customer_number__in`."""
    since = timezone.now() - timedelta(days=within_days)
    return reached_contacts().filter(at__gte=since).order_by().values_list("customer_number", flat=True)


def assigned_numbers(user: User) -> "QuerySet[Task, str]":
    """Return the numbers of customers with an open task for `user`, for `customer_number__in`."""
    tasks = Task.objects.filter(assignee=user, state=State.OPEN)
    return tasks.order_by().values_list("customer_number", flat=True)
