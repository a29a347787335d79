"""Giving many customers and tasks to somebody, or another day, at once: what supervisors do within their team."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from webportal.accounts.models import DeskSettings, User
from webportal.accounts.roles import RIGHTS, Right
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.hold_out import held_out
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.desk.models import State, Task, TaskReason
from webportal.desk.services.tasks import leads


@dataclass(frozen=True)
class Assigned:
    """What came of it: new tasks, changed ones, and how many that could not be given."""

    made: int
    changed: int
    left_out: int


def agents_of(leader: User) -> QuerySet[User]:
    """Return whom `leader` may give work to: those of the own team, and all for administrators; else nobody."""
    working = [role for role, rights in RIGHTS.items() if Right.WORK in rights]
    users = User.objects.filter(is_active=True, role__in=working).order_by("username")
    if leader.is_administrator:
        return users
    return users.filter(team_id=leader.team_id) if leads(leader) and leader.team_id else users.none()


@transaction.atomic
def assign(
    *,
    by: User,
    snapshot: Snapshot,
    numbers: Collection[str],
    task_ids: Collection[int],
    to: User | None,
    due_on: date | None,
) -> Assigned:
    """Give customers of the worklist and open tasks to `to`, and have them done by `due_on`.

    Left out are customers whom one of the two does not see, who are held out, have cancelled, or have an open task.

    Args:
        by: who leads; see `agents_of` for whom they may name.
        snapshot: the one on the page.
        numbers: customers that the worklist named; without `to` their tasks go to the queue.
        task_ids: open tasks.
        to: None leaves tasks with whom they are.
        due_on: None leaves tasks as they are, and means today for new ones.
    """
    made = _make(by, snapshot, numbers, to, due_on)
    changed = _change(by, snapshot, task_ids, to, due_on)
    return Assigned(len(made), len(changed), len(set(numbers)) + len(set(task_ids)) - len(made) - len(changed))


def _make(by: User, snapshot: Snapshot, numbers: Collection[str], to: User | None, due_on: date | None) -> list[str]:
    free = _seen(by, to, snapshot, numbers, DeskSettings.current().hold_out_percent)
    busy = Task.objects.filter(customer_number__in=free, state=State.OPEN).values_list("customer_number", flat=True)
    wanted = sorted(free - set(busy))
    due = due_on or timezone.now().date()
    tasks = [
        Task(customer_number=number, reason=TaskReason.AT_RISK, due_on=due, assignee=to, created_by=by)
        for number in wanted
    ]
    # somebody may claim one of them just now: then it is theirs
    Task.objects.bulk_create(tasks, ignore_conflicts=True)
    ours = Task.objects.filter(customer_number__in=wanted, state=State.OPEN, created_by=by, assignee=to, due_on=due)
    made = list(ours.filter(reason=TaskReason.AT_RISK).values_list("customer_number", flat=True))
    if made:
        record(Kind.TASK, subjects=made, details={"done": "assigned", "to": to.get_username() if to else ""})
    return made


def _change(by: User, snapshot: Snapshot, task_ids: Collection[int], to: User | None, due_on: date | None) -> list[str]:
    tasks = Task.objects.select_for_update().filter(pk__in=task_ids, state=State.OPEN)
    found = dict(tasks.values_list("pk", "customer_number"))
    seen = _seen(by, to, snapshot, found.values())
    allowed = [pk for pk, number in found.items() if number in seen]
    changes = {name: value for name, value in (("assignee", to), ("due_on", due_on)) if value}
    Task.objects.filter(pk__in=allowed).update(**changes)
    changed = [found[pk] for pk in allowed]
    if changed:
        details = {"done": "assigned", "to": to.get_username() if to else "", "due": str(due_on or "")}
        record(Kind.TASK, subjects=changed, details=details)
    return changed


def _seen(
    by: User, to: User | None, snapshot: Snapshot, numbers: Collection[str], percent: int | None = None
) -> set[str]:
    """Return those of `numbers` whom both see, who have not cancelled and, with a `percent`, are not held out."""
    wanted = set(numbers)
    for viewer in filter(None, (by, to)):
        customers = customers_visible_to(viewer, snapshot).filter(customer_number__in=wanted, cancelled_on=None)
        if percent is not None:
            customers = customers.exclude(held_out(percent))
        wanted = set(customers.values_list("customer_number", flat=True))
    return wanted
