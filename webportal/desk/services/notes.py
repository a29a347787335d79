"""Writing notes; other words for one's own, and withdrawing them. No word is overwritten."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.models import CustomerColumns
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Note
from webportal.desk.services.contacts import check_same

REFUSAL = _("Only your own notes can be changed, as they stand now. Open the page anew.")


@transaction.atomic
def write_note(*, agent: User, customer: CustomerColumns, token: UUID, words: str) -> tuple[Note, bool]:
    """Write a note; return it and whether it is new."""
    note, is_new = Note.objects.get_or_create(
        token=token, defaults={"customer_number": customer.customer_number, "words": words, "agent": agent}
    )
    if is_new:
        record(Kind.NOTE, subjects=[note.customer_number], details={"note": note.pk})
    else:
        check_same(note, agent, customer)
    return note, is_new


@transaction.atomic
def edit_note(*, agent: User, note_id: int, token: UUID, words: str) -> Note:
    """Write other words for one's own note; the old row stays and stands no longer. Returns the note that stands.

    The same words, and the same form sent again, change nothing.

    Raises:
        DeskRefusalError: it is somebody else's, was withdrawn, or got other words meanwhile.
    """
    old = Note.objects.select_for_update(of=("self",)).get(pk=note_id)
    again = Note.objects.filter(token=token, corrects=old, agent=agent).first()
    if again is not None:
        return again
    if not is_editable(old, agent):
        raise DeskRefusalError(REFUSAL)
    if words == old.words:
        return old
    _stand_down(old)
    new = Note.objects.create(
        customer_number=old.customer_number,
        words=words,
        agent=agent,
        written_at=old.written_at,
        edited_at=timezone.now(),
        token=token,
        corrects=old,
    )
    record(Kind.NOTE, subjects=[new.customer_number], details={"note": new.pk, "corrects": old.pk})
    return new


@transaction.atomic
def withdraw_note(*, agent: User, note_id: int) -> None:
    """Take one's own note off the page; the row stays.

    Raises:
        DeskRefusalError: it is somebody else's, was withdrawn, or got other words meanwhile.
    """
    note = Note.objects.select_for_update(of=("self",)).get(pk=note_id)
    if not is_editable(note, agent):
        raise DeskRefusalError(REFUSAL)
    note.withdrawn_at = timezone.now()
    _stand_down(note)
    record(Kind.NOTE, subjects=[note.customer_number], details={"note": note.pk, "withdrawn": True})


def is_editable(note: Note, agent: User) -> bool:
    """Tell whether `agent` may change the note: their own, as long as it stands."""
    return note.standing and note.agent_id == agent.pk


def _stand_down(note: Note) -> None:
    note.standing = False
    note.save(update_fields=["standing", "withdrawn_at"])
