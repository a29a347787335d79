from datetime import timedelta

import pytest
from django.utils import timezone

from tests.webportal.desk.conftest import sent
from webportal.accounts.models import User
from webportal.desk.forms import BulkForm, ContactForm, NoteForm, TaskForm

NOW = timezone.now()


def moment(**ago: float) -> str:
    return (NOW - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token": "x"}, "token"),
        ({"outcome": "sold"}, "outcome"),
        ({"channel": ""}, "channel"),
        ({"reason": "mood"}, "reason"),
        ({"offered": "a" * 201}, "offered"),
        ({"words": "a" * 1_001}, "words"),
        ({"at": moment(days=31)}, "at"),
        ({"at": moment(hours=-2)}, "at"),
    ],
)
def test_a_contact_names_the_field_that_is_wrong(changes: dict[str, str], field: str) -> None:
    assert set(ContactForm(sent(**changes)).errors) == {field}


def test_a_contact_needs_no_more_than_a_click() -> None:
    form = ContactForm(sent())
    assert form.is_valid()
    assert (form.cleaned_data["reason"], form.cleaned_data["at"]) == ("", None)
    assert ContactForm(sent(at=moment(days=29))).is_valid()


def test_each_form_on_the_page_has_a_token_and_ids_of_its_own() -> None:
    forms = [ContactForm.fresh(), NoteForm.fresh(), TaskForm.fresh(NOW.date())]
    ids = [field.id_for_label for form in forms for field in form]
    assert len(ids) == len(set(ids))
    assert ContactForm.fresh().initial["token"] != ContactForm.fresh().initial["token"]


@pytest.mark.parametrize(("days", "valid"), [(-1, False), (0, True), (366, True), (367, False)])
def test_tasks_are_due_from_today_on_within_a_year(days: int, valid: bool) -> None:
    due = (timezone.now().date() + timedelta(days=days)).isoformat()
    assert TaskForm({"why": "call back", "due_on": due}).is_valid() is valid


def test_the_worklists_own_reason_is_not_given_by_hand() -> None:
    assert "why" in TaskForm({"why": "at risk", "due_on": NOW.date().isoformat()}).errors


def test_a_bulk_asks_for_somebody_or_a_day(agent: User, analyst: User) -> None:
    agents = User.objects.filter(pk=agent.pk)
    assert not BulkForm({}, agents=agents).is_valid()
    assert not BulkForm({"to": analyst.pk}, agents=agents).is_valid()
    assert BulkForm({"to": agent.pk}, agents=agents).is_valid()
