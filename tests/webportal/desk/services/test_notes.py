"""Notes: written once, given other words or withdrawn by who wrote them, and never lost in silence."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import CustomerColumns
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Note
from webportal.desk.services.notes import edit_note, withdraw_note, write_note

RowOf = Callable[[str], CustomerColumns]


@pytest.fixture
def note(agent: User, row_of: RowOf) -> Note:
    return write_note(agent=agent, customer=row_of("1"), token=uuid4(), words="prefers mail")[0]


def noted() -> list[dict[str, object]]:
    return [event.details for event in AuditEvent.objects.filter(kind=Kind.NOTE).order_by("id")]


def test_a_note_is_written_once(agent: User, row_of: RowOf) -> None:
    token = uuid4()
    for _ in range(2):
        write_note(agent=agent, customer=row_of("1"), token=token, words="prefers mail")
    note = Note.objects.get()
    assert (note.customer_number, note.words, note.agent) == ("1", "prefers mail", agent)
    assert (note.standing, note.edited_at, note.withdrawn_at) == (True, None, None)
    assert AuditEvent.objects.get(kind=Kind.NOTE).subjects == ["1"]
    with pytest.raises(DeskRefusalError):
        write_note(agent=agent, customer=row_of("2"), token=token, words="prefers mail")


def test_other_words_stand_beside_those_they_replace(agent: User, note: Note) -> None:
    before = timezone.now()
    new = edit_note(agent=agent, note_id=note.pk, token=uuid4(), words="prefers a call")
    note.refresh_from_db()
    assert (note.standing, note.words, note.withdrawn_at) == (False, "prefers mail", None)
    assert (new.standing, new.words, new.corrects, new.written_at) == (True, "prefers a call", note, note.written_at)
    assert new.edited_at is not None
    assert new.edited_at >= before
    assert noted() == [{"note": note.pk}, {"note": new.pk, "corrects": note.pk}]
    assert "prefers" not in str(noted())


def test_an_edit_sent_again_and_the_same_words_change_nothing(agent: User, note: Note) -> None:
    token = uuid4()
    first = edit_note(agent=agent, note_id=note.pk, token=token, words="prefers a call")
    assert edit_note(agent=agent, note_id=note.pk, token=token, words="prefers a call") == first
    assert edit_note(agent=agent, note_id=first.pk, token=uuid4(), words="prefers a call") == first
    assert (Note.objects.count(), len(noted())) == (2, 2)


def test_only_who_wrote_a_note_changes_it_and_only_as_it_stands(agent: User, supervisor: User, note: Note) -> None:
    for change in (
        lambda: edit_note(agent=supervisor, note_id=note.pk, token=uuid4(), words="x"),
        lambda: withdraw_note(agent=supervisor, note_id=note.pk),
    ):
        with pytest.raises(DeskRefusalError):
            change()
    edit_note(agent=agent, note_id=note.pk, token=uuid4(), words="prefers a call")
    for change in (
        lambda: edit_note(agent=agent, note_id=note.pk, token=uuid4(), words="from another tab"),
        lambda: withdraw_note(agent=agent, note_id=note.pk),
    ):
        with pytest.raises(DeskRefusalError, match="as they stand now"):
            change()
    assert list(Note.objects.filter(standing=True).values_list("words", flat=True)) == ["prefers a call"]


def test_a_withdrawn_note_is_kept_and_stands_no_more(agent: User, note: Note) -> None:
    withdraw_note(agent=agent, note_id=note.pk)
    note.refresh_from_db()
    assert (note.standing, note.words) == (False, "prefers mail")
    assert note.withdrawn_at is not None
    assert noted() == [{"note": note.pk}, {"note": note.pk, "withdrawn": True}]
    with pytest.raises(DeskRefusalError):
        edit_note(agent=agent, note_id=note.pk, token=uuid4(), words="back again")


def test_the_database_lets_no_withdrawn_note_stand(note: Note) -> None:
    with pytest.raises(IntegrityError, match="note_withdrawn_stands_no_more"), transaction.atomic():
        Note.objects.update(withdrawn_at=timezone.now())
