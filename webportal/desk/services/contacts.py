"""Tokens of forms: what is sent twice counts once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.hold_out import is_held_out
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Closing, Contact, Note, Outcome, State, Task, TaskReason


def check_same(row: Contact | Note, agent: User, customer: CustomerColumns) -> None:
    """Check that the row which a form's token names already is by this agent and about this customer.

    Raises:
        DeskRefusalError: it is somebody else's, or about somebody else.
    """
    if (row.agent_id, row.customer_number) != (agent.pk, customer.customer_number):
        raise DeskRefusalError(_("This form was sent for somebody else before. Open the page anew."))


CORRECTABLE = timedelta(days=1)
TOLD = ("channel", "offered", "outcome", "reason", "words")
"""What an agent tells of a contact, as in `ContactForm`; the rest Encore knows."""


@transaction.atomic
def record_contact(
    *,
    agent: User,
    customer: CustomerColumns,
    snapshot: Snapshot,
    token: UUID,
    told: dict[str, Any],
    by_token: str | None = None,
) -> tuple[Contact, bool]:
    """Write a contact with the score that the agent saw, and close the customer's open tasks.

    A customer who was not reached keeps those tasks that somebody made by hand. Returns the contact and whether it is
    new: the same form sent again finds what it wrote before.

    Args:
        agent: who had the contact.
        customer: whom they see.
        snapshot: the one that `customer` is of.
        token: of the form; a second row with it is never written.
        told: cleaned data of a `ContactForm`.
        by_token: prefix of the API's token that a program wrote it with, for the audit.

    Raises:
        DeskRefusalError: the token named a contact of somebody else's, or about somebody else.
    """
    percent = DeskSettings.current().hold_out_percent
    contact, is_new = Contact.objects.get_or_create(
        token=token,
        defaults={
            **{name: told[name] for name in TOLD},
            "at": told["at"] or timezone.now(),
            "customer_number": customer.customer_number,
            "agent": agent,
            "snapshot_id": snapshot.snapshot_id,
            "as_of_date": snapshot.as_of_date,
            "horizon_days": snapshot.horizon_days,
            "model_version": snapshot.model_version,
            "churn_probability": customer.churn_probability,
            "risk_band": customer.risk_band,
            "held_out": is_held_out(customer, percent),
        },
    )
    if not is_new:
        check_same(contact, agent, customer)
        return contact, False
    _close_tasks(contact, agent)
    details: dict[str, Any] = {"contact": contact.pk}
    if by_token is not None:
        details["token"] = by_token
    record(Kind.CONTACT, subjects=[contact.customer_number], details=details)
    return contact, True


def is_what_was_told(contact: Contact, told: dict[str, Any]) -> bool:
    """Tell whether `told` is what the contact was recorded with; without a time any will do."""
    return all(getattr(contact, name) == told[name] for name in TOLD) and told["at"] in (None, contact.at)


@transaction.atomic
def correct_contact(*, agent: User, contact_id: int, token: UUID, told: dict[str, Any]) -> Contact:
    """Write one's own contact anew; the old row stays and stands no longer.

    What the agent saw then is kept: the correction is of what was told.

    Raises:
        DeskRefusalError: it is somebody else's, older than a day, or has been corrected already.
    """
    old = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    if not is_correctable(old, agent):
        raise DeskRefusalError(_("Only your own entries of the last 24 hours can be corrected, and each once."))
    seen = ("snapshot_id", "as_of_date", "horizon_days", "model_version", "churn_probability", "risk_band", "held_out")
    new = Contact.objects.create(
        **{name: getattr(old, name) for name in ("customer_number", *seen)},
        **{name: told[name] for name in TOLD},
        at=told["at"] or old.at,
        agent=agent,
        recorded_at=old.recorded_at,
        token=token,
        corrects=old,
    )
    old.standing = False
    old.save(update_fields=["standing"])
    Task.objects.filter(contact=old).update(contact=new)
    record(Kind.CONTACT, subjects=[new.customer_number], details={"contact": new.pk, "corrects": old.pk})
    return new


def is_correctable(contact: Contact, agent: User) -> bool:
    """Tell whether `agent` may correct or withdraw the contact now: a day counts from the first entry on."""
    fresh = timezone.now() - contact.recorded_at < CORRECTABLE
    return fresh and contact.standing and contact.agent_id == agent.pk


@transaction.atomic
def withdraw_contact(*, agent: User, contact_id: int) -> Contact:
    """Withdraw one's own contact and open the tasks again that it closed; the row stays and stands no longer.

    A task stays closed when there is another open one of its reason by now.

    Raises:
        DeskRefusalError: it is somebody else's, older than a day, was corrected or withdrawn already.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    if not is_correctable(contact, agent):
        raise DeskRefusalError(_("Only your own entries of the last 24 hours can be withdrawn, as they stand now."))
    contact.withdrawn_at, contact.standing = timezone.now(), False
    contact.save(update_fields=["withdrawn_at", "standing"])
    _reopen_tasks(contact)
    record(Kind.CONTACT, subjects=[contact.customer_number], details={"contact": contact.pk, "withdrawn": True})
    return contact


def _reopen_tasks(contact: Contact) -> None:
    open_ones = Task.objects.filter(customer_number=contact.customer_number, state=State.OPEN)
    closed = Task.objects.filter(contact=contact, closing=Closing.OUTCOME)
    closed.exclude(reason__in=open_ones.values("reason")).update(
        state=State.OPEN, closing="", closed_at=None, contact=None, assignee=F("assignee_before"), assignee_before=None
    )


def _close_tasks(contact: Contact, agent: User) -> None:
    tasks = Task.objects.filter(customer_number=contact.customer_number, state=State.OPEN)
    if contact.outcome == Outcome.NOT_REACHED:
        tasks = tasks.filter(reason=TaskReason.AT_RISK)
    # whoever did it has done it, whomever it was for
    tasks.update(
        state=State.DONE,
        closing=Closing.OUTCOME,
        closed_at=contact.recorded_at,
        contact=contact,
        assignee_before=F("assignee"),
        assignee=agent,
    )
