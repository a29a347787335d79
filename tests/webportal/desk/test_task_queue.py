"""Tasks within the viewer's scope, tasks of customers who left, and the figures of the week."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.webportal.desk.conftest import known
from tests.webportal.desk.test_worklist import contact
from tests.webportal.publishing import publish
from webportal.accounts.models import Team, User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk import task_queue
from webportal.desk.models import Closing, Contact, State, Task, TaskReason
from webportal.operations.snapshot_follower import Follower

TODAY = timezone.now().date()


def task(number: str, assignee: User | None = None, **changes: object) -> Task:
    return Task.objects.create(
        **{"customer_number": number, "reason": TaskReason.CALL_BACK, "due_on": TODAY, "assignee": assignee, **changes}
    )


def names(lines: list[task_queue.Line]) -> list[str]:
    return [line.customer.customer_number for line in lines]


def test_lists_part_ones_own_from_the_queue_and_from_others(
    agent: User, supervisor: User, list_of_six: Snapshot
) -> None:
    task("1", agent, due_on=TODAY + timedelta(days=1))
    task("2", agent, due_on=TODAY - timedelta(days=1))
    task("3")
    task("4", supervisor)
    lines = task_queue.lines_of(agent, list_of_six, task_queue.mine(agent))
    assert [(line.customer.customer_number, line.overdue) for line in lines] == [("2", True), ("1", False)]
    assert names(task_queue.lines_of(agent, list_of_six, task_queue.open_for_all(agent))) == ["3", "4"]
    assert names(task_queue.lines_of(agent, list_of_six, task_queue.waiting())) == ["3"]


def test_nobody_sees_a_task_about_a_customer_of_another_team(agent: User, team: Team, list_of_six: Snapshot) -> None:
    team.levels, agent.team = ["paid"], team
    task("1")
    task("3")
    assert names(task_queue.lines_of(agent, list_of_six, task_queue.waiting())) == ["1"]


def test_tasks_of_customers_who_cancelled_are_not_shown_and_the_follower_closes_them(
    agent: User, list_of_six: Snapshot
) -> None:
    gone, stays = task("1", agent), task("2", agent)
    with connection.cursor() as cursor:
        rows = [known("1", cancelled_on=date(2018, 12, 3), churn_probability=None), known("2")]
        newer = Snapshot.objects.get(snapshot_id=publish(cursor, rows, as_of_date=date(2018, 12, 8)))
    assert names(task_queue.lines_of(agent, newer, task_queue.mine(agent))) == ["2"]
    gone.refresh_from_db()
    assert gone.state == State.OPEN  # reading never writes
    Follower(may_go_on=lambda: True).look()
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert names(task_queue.lines_of(agent, newer, task_queue.mine(agent))) == ["2"]
    (noted,) = AuditEvent.objects.filter(kind=Kind.TASK)
    assert (noted.subjects, noted.details, noted.actor) == (["1"], {"done": "closed: cancelled"}, "(command line)")
    assert (gone.state, gone.closing, stays.state) == (State.DROPPED, Closing.CANCELLED, State.OPEN)


@pytest.fixture
def busy_week(agent: User, supervisor: User, team: Team) -> Callable[[], dict[str, tuple[int, int, int]]]:
    agent.team = team
    agent.save()
    now = timezone.now()
    task("1", agent)
    task("2", agent, state=State.DONE, closed_at=now, closing=Closing.OUTCOME)
    task("3", agent, state=State.DROPPED, closed_at=now, closing=Closing.RELEASED)
    task("4", agent, state=State.DONE, closed_at=now - timedelta(days=8), closing=Closing.OUTCOME)
    for days_ago in (0, 8):
        row = contact("2", days_ago=days_ago)
        Contact.objects.filter(pk=row.pk).update(agent=agent)

    def week(viewer: User = supervisor) -> dict[str, tuple[int, int, int]]:
        return {row.agent.username: (row.left, row.done, row.kept) for row in task_queue.week_of(viewer)}

    return week


def test_supervisors_see_the_week_of_each_of_their_people_and_agents_their_own(
    agent: User, busy_week: Callable[..., dict[str, tuple[int, int, int]]]
) -> None:
    assert busy_week() == {"agent": (1, 1, 1), "supervisor": (0, 0, 0)}
    assert busy_week(agent) == {"agent": (1, 1, 1)}


def test_what_is_done_is_ones_own_or_that_of_ones_people(
    agent: User, supervisor: User, list_of_six: Snapshot, busy_week: object
) -> None:
    done = task_queue.lines_of(supervisor, list_of_six, task_queue.done_by(supervisor))
    assert set(names(done)) == {"2", "3", "4"}
    supervisor.team = None
    supervisor.save()
    task("1", supervisor, state=State.DONE, closed_at=timezone.now(), closing=Closing.OUTCOME)
    own = task_queue.lines_of(supervisor, list_of_six, task_queue.done_by(supervisor))
    assert names(own) == ["1"]  # without a team there are no people, and still one's own work
    stranger = User.objects.create_user("stranger", password="correct horse")
    assert task_queue.lines_of(stranger, list_of_six, task_queue.done_by(stranger)) == []
