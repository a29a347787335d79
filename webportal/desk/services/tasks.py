"""Claiming, giving back, closing and making tasks. Of two who want the same at once the database lets one through."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import DeskSettings, User
from webportal.accounts.roles import Right
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.hold_out import cancelled_among, is_held_out
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.desk.errors import HAS_LEFT, HELD_OUT, DeskRefusalError, taken
from webportal.desk.models import Closing, State, Task, TaskReason


def claim_customer(*, agent: User, customer: CustomerColumns) -> Task:
    """Take a customer from the worklist.

    Raises:
        DeskRefusalError: the customer is held out, has cancelled, or somebody has them already.
    """
    if customer.cancelled_on:
        raise DeskRefusalError(HAS_LEFT)
    if is_held_out(customer, DeskSettings.current().hold_out_percent):
        raise DeskRefusalError(HELD_OUT)
    other = Task.objects.filter(customer_number=customer.customer_number, state=State.OPEN).select_related("assignee")
    if other:  # of whatever reason: two agents are not to call
        raise taken(other[0].assignee)
    return _make(customer.customer_number, TaskReason.AT_RISK, timezone.now().date(), agent, agent)


def make_task(*, by: User, customer: CustomerColumns, reason: TaskReason, due_on: date, words: str, mine: bool) -> Task:
    """Make a task by hand, for oneself or for the queue.

    Raises:
        DeskRefusalError: there is an open one of this reason, the customer has cancelled, or is held out and did not
            ask to be called.
    """
    if customer.cancelled_on:
        raise DeskRefusalError(HAS_LEFT)
    unasked = reason != TaskReason.CALL_BACK
    if unasked and is_held_out(customer, DeskSettings.current().hold_out_percent):
        raise DeskRefusalError(HELD_OUT)
    return _make(customer.customer_number, reason, due_on, by, by if mine else None, words)


@transaction.atomic
def take(*, agent: User, task: Task) -> None:
    """Claim a task from the queue.

    Raises:
        DeskRefusalError: somebody was faster, or it is closed.
    """
    found = Task.objects.filter(pk=task.pk, state=State.OPEN, assignee=None).update(assignee=agent)
    if not found:
        now = Task.objects.select_related("assignee").get(pk=task.pk)
        raise taken(now.assignee) if now.state == State.OPEN else DeskRefusalError(_("This task is closed."))
    _note([task], "claimed")


@transaction.atomic
def release(*, agent: User, task: Task) -> None:
    """Give a task of one's own back: to the queue, or, where the worklist had named the customer, to the worklist.

    Raises:
        DeskRefusalError: it is not one's own, or is closed.
    """
    own = Task.objects.filter(pk=task.pk, state=State.OPEN, assignee=agent)
    if task.reason == TaskReason.AT_RISK:
        done = own.update(state=State.DROPPED, closing=Closing.RELEASED, closed_at=timezone.now())
    else:
        done = own.update(assignee=None)
    if not done:
        raise DeskRefusalError(_("This task is not yours, or closed."))
    _note([task], "given back")


@transaction.atomic
def close(*, by: User, task: Task) -> None:
    """Close a task that was made by hand without a contact; one's own, of the queue, or any for a supervisor.

    Raises:
        DeskRefusalError: it is somebody else's, is closed, or wants an outcome.
    """
    if task.reason == TaskReason.AT_RISK:
        raise DeskRefusalError(_("Record an outcome, or give the customer back."))
    tasks = Task.objects.filter(pk=task.pk, state=State.OPEN)
    if not leads(by):
        tasks = tasks.filter(Q(assignee=by) | Q(assignee=None))
    if not tasks.update(state=State.DONE, closing=Closing.BY_HAND, closed_at=timezone.now(), assignee=by):
        raise DeskRefusalError(_("This task is not yours, or closed."))
    _note([task], "closed")


def leads(user: User) -> bool:
    """Tell whether a user gives work to others."""
    return user.has_right(Right.MANAGE_TEAM) or user.has_right(Right.ADMINISTER)


@transaction.atomic
def close_cancelled(snapshot: Snapshot) -> int:
    """Close the open tasks of customers who have cancelled by this snapshot; returns how many. The follower does it."""
    tasks = Task.objects.filter(state=State.OPEN)
    gone = cancelled_among(snapshot, list(tasks.values_list("customer_number", flat=True)))
    closed = list(tasks.select_for_update().filter(customer_number__in=gone))
    Task.objects.filter(pk__in=[task.pk for task in closed]).update(
        state=State.DROPPED, closing=Closing.CANCELLED, closed_at=timezone.now()
    )
    if closed:
        _note(closed, "closed: cancelled")
    return len(closed)


def _make(number: str, reason: TaskReason, due_on: date, by: User, assignee: User | None, words: str = "") -> Task:
    try:
        with transaction.atomic():
            task = Task.objects.create(
                customer_number=number, reason=reason, due_on=due_on, created_by=by, assignee=assignee, words=words
            )
            _note([task], "made")
    except IntegrityError as second:
        open_tasks = Task.objects.filter(customer_number=number, reason=reason, state=State.OPEN)
        first = open_tasks.select_related("assignee").first()
        raise taken(first.assignee if first else None) from second
    return task


def _note(tasks: list[Task], done: str) -> None:
    record(Kind.TASK, subjects=[task.customer_number for task in tasks], details={"done": done})
