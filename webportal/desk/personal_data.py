"""Contacts, notes and tasks about a customer: export, erasure and retention."""

from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from webportal.common.personal_data import DataSubject, Rows, exported
from webportal.desk.models import Contact, Note, State, Task
from webportal.desk.worklist import forget_marks


def export(subject: DataSubject) -> dict[str, Rows]:
    """Return all that the desk holds about a customer, by document; what was corrected or withdrawn is included."""
    return {name: list(exported(rows)) for name, rows in _rows_about(subject.number).items()}


def erase(subject: DataSubject) -> dict[str, int]:
    """Delete all that the desk holds about a customer, and the marks of worklists."""
    forget_marks()
    return {"desk_rows": sum(_delete(rows) for rows in reversed(_rows_about(subject.number).values()))}


def delete_before(day: datetime) -> dict[str, int]:
    """Delete what was written, or closed, before a time; return how many rows of each kind. Open tasks stay.

    Of a note that got other words, the old words go before those that replaced them.
    """
    tasks = Task.objects.filter(closed_at__lt=day).exclude(state=State.OPEN)
    # a correction goes with the entry that it corrects
    contacts = Contact.objects.filter(recorded_at__lt=day)
    unedited = Q(edited_at=None) | Q(edited_at__lt=day)
    return {
        "tasks": _delete(tasks),
        "contacts": _delete(contacts),
        "notes": _delete(Note.objects.filter(unedited, written_at__lt=day)),
    }


def _delete(rows: QuerySet[Any]) -> int:
    model: type[Model] = rows.model
    _, by_model = rows.delete()
    return by_model.get(model._meta.label, 0)


def _rows_about(number: str) -> dict[str, QuerySet[Any]]:
    return {
        "contacts": Contact.objects.filter(customer_number=number).order_by("at", "id"),
        "notes": Note.objects.filter(customer_number=number).order_by("written_at", "id"),
        "tasks": Task.objects.filter(customer_number=number).order_by("created_at", "id"),
    }
