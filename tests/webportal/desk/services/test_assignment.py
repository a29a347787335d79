"""Bulk assignment stays within the team and its scope."""

from datetime import timedelta

import pytest
from django.utils import timezone

from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk.models import State, Task, TaskReason
from webportal.desk.services.assignment import Assigned, agents_of, assign

TOMORROW = timezone.now().date() + timedelta(days=1)


@pytest.fixture
def paying(team: Team, supervisor: User, agent: User) -> Team:
    """The supervisor's team sees paying customers, and has the agent."""
    team.levels = ["paid"]
    team.save()
    agent.team = team
    agent.save()
    supervisor.team = team
    return team


def test_supervisors_name_their_own_team_and_administrators_all(
    paying: Team, supervisor: User, agent: User, administrator: User, analyst: User
) -> None:
    stranger = User.objects.create_user("stranger", password="correct horse")
    User.objects.create_user("gone", password="correct horse", team=paying, is_active=False)
    assert set(agents_of(supervisor)) == {agent, supervisor}
    assert set(agents_of(administrator)) == {agent, supervisor, administrator, stranger}
    assert not agents_of(agent).exists()
    assert not agents_of(User(role=Role.SUPERVISOR)).exists()


def test_gives_customers_of_the_list_and_tasks(
    paying: Team, supervisor: User, agent: User, list_of_six: Snapshot
) -> None:
    task = Task.objects.create(customer_number="2", reason=TaskReason.CALL_BACK, due_on=TOMORROW)
    free = Task.objects.create(customer_number="3", reason=TaskReason.CALL_BACK, due_on=TOMORROW)
    done = assign(
        by=supervisor,
        snapshot=list_of_six,
        numbers=["1", "2", "3", "6", "nobody"],
        task_ids=[task.pk, free.pk, 10**9],
        to=agent,
        due_on=None,
    )
    assert done == Assigned(made=1, changed=1, left_out=6)
    mine = Task.objects.filter(assignee=agent, state=State.OPEN)
    assert set(mine.values_list("customer_number", "reason")) == {("1", "at risk"), ("2", "call back")}
    subjects = [event.subjects for event in AuditEvent.objects.filter(kind=Kind.TASK).order_by("id")]
    assert subjects == [["1"], ["2"]]


def test_another_day_leaves_tasks_with_whom_they_are(
    paying: Team, supervisor: User, agent: User, list_of_six: Snapshot
) -> None:
    today = timezone.now().date()
    task = Task.objects.create(customer_number="2", reason=TaskReason.CALL_BACK, due_on=today, assignee=agent)
    assign(by=supervisor, snapshot=list_of_six, numbers=[], task_ids=[task.pk], to=None, due_on=TOMORROW)
    task.refresh_from_db()
    assert (task.assignee, task.due_on) == (agent, TOMORROW)


def test_who_is_given_a_customer_must_see_them(
    paying: Team, administrator: User, agent: User, list_of_six: Snapshot
) -> None:
    done = assign(by=administrator, snapshot=list_of_six, numbers=["1", "3"], task_ids=[], to=agent, due_on=TOMORROW)
    assert done == Assigned(made=1, changed=0, left_out=1)
    assert Task.objects.get().customer_number == "1"
