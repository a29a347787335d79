"""Claims, also two at once on two connections; giving back, closing, tasks by hand."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.webportal.scratch import connected, migrated_database, rows
from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import CustomerColumns
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Closing, State, Task, TaskReason
from webportal.desk.services import tasks

RowOf = Callable[[str], CustomerColumns]


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("other", password="correct horse")


def by_hand(by: User, row: CustomerColumns, reason: TaskReason = TaskReason.CALL_BACK, *, mine: bool = False) -> Task:
    due = timezone.now().date() + timedelta(days=2)
    return tasks.make_task(by=by, customer=row, reason=reason, due_on=due, words="after six", mine=mine)


def test_the_first_to_claim_has_the_customer(agent: User, other: User, row_of: RowOf) -> None:
    task = tasks.claim_customer(agent=agent, customer=row_of("1"))
    assert (task.assignee, task.reason, task.due_on) == (agent, TaskReason.AT_RISK, timezone.now().date())
    with pytest.raises(DeskRefusalError) as refusal:
        tasks.claim_customer(agent=other, customer=row_of("1"))
    assert str(refusal.value.words) == "agent has this customer already."
    assert AuditEvent.objects.filter(kind=Kind.TASK).count() == 1


def test_who_has_a_task_of_another_reason_is_not_claimed_either(agent: User, other: User, row_of: RowOf) -> None:
    by_hand(agent, row_of("1"), mine=True)
    with pytest.raises(DeskRefusalError):
        tasks.claim_customer(agent=other, customer=row_of("1"))


def test_nobody_claims_a_held_out_or_cancelled_customer(agent: User, row_of: RowOf) -> None:
    with pytest.raises(DeskRefusalError, match="held out"):
        tasks.claim_customer(agent=agent, customer=row_of("6"))
    gone = row_of("1")
    gone.cancelled_on = date(2018, 11, 3)
    with pytest.raises(DeskRefusalError, match="cancelled"):
        tasks.claim_customer(agent=agent, customer=gone)


def test_who_is_held_out_is_called_back_when_they_asked(agent: User, row_of: RowOf) -> None:
    with pytest.raises(DeskRefusalError, match="held out"):
        by_hand(agent, row_of("6"), TaskReason.FOLLOW_UP)
    assert by_hand(agent, row_of("6")).state == State.OPEN


def test_the_database_holds_one_open_task_a_reason(agent: User, row_of: RowOf) -> None:
    task = by_hand(agent, row_of("1"))
    with pytest.raises(DeskRefusalError, match="in the queue"):
        by_hand(agent, row_of("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(customer_number="1", reason=task.reason, due_on=task.due_on)
    tasks.close(by=agent, task=task)
    assert by_hand(agent, row_of("1")).pk != task.pk


def test_a_task_of_the_queue_is_taken_once(agent: User, other: User, row_of: RowOf) -> None:
    task = by_hand(agent, row_of("1"))
    tasks.take(agent=other, task=task)
    with pytest.raises(DeskRefusalError, match="other has this customer"):
        tasks.take(agent=agent, task=task)


def test_what_is_given_back_goes_where_it_came_from(agent: User, other: User, row_of: RowOf) -> None:
    claimed, made = tasks.claim_customer(agent=agent, customer=row_of("1")), by_hand(agent, row_of("2"), mine=True)
    for task in (claimed, made):
        with pytest.raises(DeskRefusalError):
            tasks.release(agent=other, task=task)
        tasks.release(agent=agent, task=task)
        task.refresh_from_db()
    assert (claimed.state, claimed.closing) == (State.DROPPED, Closing.RELEASED)
    assert (made.state, made.assignee) == (State.OPEN, None)


def test_only_tasks_made_by_hand_are_closed_without_an_outcome(agent: User, other: User, row_of: RowOf) -> None:
    with pytest.raises(DeskRefusalError, match="Record an outcome"):
        tasks.close(by=agent, task=tasks.claim_customer(agent=agent, customer=row_of("1")))
    task = by_hand(agent, row_of("2"), mine=True)
    with pytest.raises(DeskRefusalError):
        tasks.close(by=other, task=task)
    tasks.close(by=agent, task=task)
    task.refresh_from_db()
    assert (task.state, task.closing, task.assignee) == (State.DONE, Closing.BY_HAND, agent)


CLAIM = (
    "insert into desk_task (customer_number, reason, words, due_on, state, closing, created_at)"
    " values ('1', 'at risk', %s, current_date, 'open', '', now())"
)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with migrated_database() as url:
        yield url


def test_of_two_who_claim_at_once_one_waits_and_loses(database: str) -> None:
    failures: list[str] = []

    def claim_second() -> None:
        try:
            rows(database, CLAIM, "second")
        except psycopg2.errors.UniqueViolation as failure:
            failures.append(str(failure))

    with connected(database) as first, first.cursor() as cursor:
        cursor.execute(CLAIM, ("first",))
        thread = threading.Thread(target=claim_second)
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive(), "the second claim did not wait for the first one to commit"
        first.commit()
        thread.join(timeout=10)
    assert "task_open_once_a_reason" in failures[0]
    with closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("select words from desk_task")
        assert cursor.fetchall() == [("first",)]
