"""Contacts with what the agent saw, once a token; corrections beside what they correct."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.webportal.desk.conftest import told
from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Closing, Contact, Outcome, State, Task, TaskReason
from webportal.desk.services.contacts import correct_contact, record_contact, withdraw_contact
from webportal.desk.services.tasks import claim_customer, make_task

RowOf = Callable[[str], CustomerColumns]


def recorded(agent: User, snapshot: Snapshot, row: CustomerColumns, outcome: Outcome = Outcome.KEPT) -> Contact:
    contact, _ = record_contact(agent=agent, customer=row, snapshot=snapshot, token=uuid4(), told=told(outcome))
    return contact


def test_a_contact_keeps_what_the_agent_saw(agent: User, list_of_six: Snapshot, row_of: RowOf) -> None:
    contact = recorded(agent, list_of_six, row_of("1"))
    contact.refresh_from_db()
    assert (contact.customer_number, contact.agent, contact.outcome) == ("1", agent, Outcome.KEPT)
    assert (contact.churn_probability, contact.risk_band, contact.held_out) == (0.9, "high", False)
    assert contact.snapshot_id == list_of_six.snapshot_id
    assert (contact.model_version, contact.horizon_days) == ("2018-12-01.1", 14)
    event = AuditEvent.objects.get(kind=Kind.CONTACT)
    assert (event.subjects, event.details) == (["1"], {"contact": contact.pk})


def test_who_was_held_out_is_kept_as_of_that_time(agent: User, list_of_six: Snapshot, row_of: RowOf) -> None:
    assert recorded(agent, list_of_six, row_of("6")).held_out
    DeskSettings.objects.create(hold_out_percent=0)
    assert not recorded(agent, list_of_six, row_of("6")).held_out


def test_the_same_form_sent_twice_counts_once(agent: User, list_of_six: Snapshot, row_of: RowOf) -> None:
    token = uuid4()
    written = [
        record_contact(agent=agent, customer=row_of("1"), snapshot=list_of_six, token=token, told=told(outcome))
        for outcome in (Outcome.KEPT, Outcome.LEFT)
    ]
    assert [is_new for _, is_new in written] == [True, False]
    assert Contact.objects.get().outcome == Outcome.KEPT
    with pytest.raises(DeskRefusalError, match="somebody else"):
        record_contact(agent=agent, customer=row_of("2"), snapshot=list_of_six, token=token, told=told())


def test_an_outcome_closes_the_customers_tasks(agent: User, list_of_six: Snapshot, row_of: RowOf) -> None:
    task = claim_customer(agent=agent, customer=row_of("1"))
    contact = recorded(agent, list_of_six, row_of("1"))
    task.refresh_from_db()
    assert (task.state, task.closing, task.contact, task.assignee) == (State.DONE, Closing.OUTCOME, contact, agent)


def test_who_was_not_reached_keeps_the_call_that_they_asked_for(
    agent: User, list_of_six: Snapshot, row_of: RowOf
) -> None:
    claim_customer(agent=agent, customer=row_of("1"))
    day = timezone.now().date()
    reason = TaskReason.CALL_BACK
    make_task(by=agent, customer=row_of("1"), reason=reason, due_on=day, words="", mine=True)
    recorded(agent, list_of_six, row_of("1"), Outcome.NOT_REACHED)
    assert [task.reason for task in Task.objects.filter(state=State.OPEN)] == [TaskReason.CALL_BACK]


def test_a_correction_stands_beside_what_it_corrects(agent: User, list_of_six: Snapshot, row_of: RowOf) -> None:
    claim_customer(agent=agent, customer=row_of("1"))
    old = recorded(agent, list_of_six, row_of("1"))
    new = correct_contact(agent=agent, contact_id=old.pk, token=uuid4(), told=told(Outcome.LEFT, words="rang again"))
    old.refresh_from_db()
    assert (old.standing, old.outcome) == (False, Outcome.KEPT)
    assert (new.standing, new.outcome, new.corrects, new.at) == (True, Outcome.LEFT, old, old.at)
    assert (new.churn_probability, new.recorded_at) == (old.churn_probability, old.recorded_at)
    assert Task.objects.get().contact == new
    details = [event.details for event in AuditEvent.objects.filter(kind=Kind.CONTACT).order_by("id")]
    assert details == [{"contact": old.pk}, {"contact": new.pk, "corrects": old.pk}]


def test_only_ones_own_of_the_last_day_and_once_can_be_corrected(
    agent: User, supervisor: User, list_of_six: Snapshot, row_of: RowOf
) -> None:
    contact = recorded(agent, list_of_six, row_of("1"))

    def correct(by: User, contact_id: int) -> Contact:
        return correct_contact(agent=by, contact_id=contact_id, token=uuid4(), told=told(Outcome.LEFT))

    with pytest.raises(DeskRefusalError):
        correct(supervisor, contact.pk)
    second = correct(agent, contact.pk)
    with pytest.raises(DeskRefusalError):
        correct(agent, contact.pk)
    Contact.objects.filter(pk=second.pk).update(recorded_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(DeskRefusalError):
        correct(agent, second.pk)


def test_a_withdrawn_contact_opens_its_tasks_again_as_they_were(
    agent: User, supervisor: User, list_of_six: Snapshot, row_of: RowOf
) -> None:
    day, row = timezone.now().date(), row_of("1")
    claim_customer(agent=supervisor, customer=row)
    make_task(by=agent, customer=row, reason=TaskReason.CALL_BACK, due_on=day, words="", mine=False)
    before = list(Task.objects.order_by("id").values())
    old = recorded(agent, list_of_six, row)
    assert set(Task.objects.values_list("state", "assignee__username")) == {(State.DONE, "agent")}
    new = correct_contact(agent=agent, contact_id=old.pk, token=uuid4(), told=told(Outcome.LEFT))
    withdrawn = withdraw_contact(agent=agent, contact_id=new.pk)
    assert (withdrawn.standing, withdrawn.withdrawn_at is None) == (False, False)
    assert list(Task.objects.order_by("id").values()) == before
    assert AuditEvent.objects.filter(kind=Kind.CONTACT).latest("id").details == {"contact": new.pk, "withdrawn": True}


def test_a_withdrawn_contact_leaves_a_task_closed_that_was_made_again(
    agent: User, list_of_six: Snapshot, row_of: RowOf
) -> None:
    first = claim_customer(agent=agent, customer=row_of("1"))
    contact = recorded(agent, list_of_six, row_of("1"))
    second = claim_customer(agent=agent, customer=row_of("1"))
    withdraw_contact(agent=agent, contact_id=contact.pk)
    assert dict(Task.objects.values_list("pk", "state")) == {first.pk: State.DONE, second.pk: State.OPEN}


def test_only_ones_own_of_the_last_day_and_once_can_be_withdrawn(
    agent: User, supervisor: User, list_of_six: Snapshot, row_of: RowOf
) -> None:
    contact = recorded(agent, list_of_six, row_of("1"))
    with pytest.raises(DeskRefusalError):
        withdraw_contact(agent=supervisor, contact_id=contact.pk)
    Contact.objects.filter(pk=contact.pk).update(recorded_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(DeskRefusalError):
        withdraw_contact(agent=agent, contact_id=contact.pk)
    Contact.objects.filter(pk=contact.pk).update(recorded_at=timezone.now())
    withdraw_contact(agent=agent, contact_id=contact.pk)
    with pytest.raises(DeskRefusalError):
        withdraw_contact(agent=agent, contact_id=contact.pk)
