"""Tasks as pages show them: each with its customer, within the viewer's scope; and the figures of the week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from webportal.accounts.models import DeskSettings, User
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.desk.models import Contact, Outcome, State, Task
from webportal.desk.services.assignment import agents_of
from webportal.desk.services.tasks import leads
from webportal.desk.worklist import suggestions

SHOWN = 100
UNREAD = ("reasons", "change", "doubts", "activity", "moments")
"""Long columns that lists of customers do without."""


@dataclass(frozen=True)
class Line:
    """A customer on the worklist, with the task there is, or the value of a suggestion."""

    customer: CustomerColumns
    task: Task | None = None
    value: float | None = None

    @property
    def percent(self) -> float | None:
        """The probability of leaving, in percent."""
        probability = self.customer.churn_probability
        return None if probability is None else probability * 100

    @property
    def overdue(self) -> bool:
        """Whether the day of the task has passed."""
        return self.task is not None and self.task.state == State.OPEN and self.task.due_on < timezone.now().date()

    @property
    def is_pointless(self) -> bool:
        """Whether the task is open and its customer has cancelled."""
        return self.task is not None and self.task.state == State.OPEN and bool(self.customer.cancelled_on)


@dataclass(frozen=True)
class WeekOf:
    """What one agent has left to do, and what they did since Monday."""

    agent: User
    left: int
    done: int
    kept: int


def suggested(viewer: User, snapshot: Snapshot, desk: DeskSettings, wanted: int) -> list[Line]:
    """Return the best customers of the worklist."""
    found = {each.number: each.value for each in suggestions(viewer, snapshot, desk, wanted)}
    customers = customers_of(viewer, snapshot, found)
    return [Line(customers[number], value=value) for number, value in found.items() if number in customers]


def lines_of(viewer: User, snapshot: Snapshot, tasks: QuerySet[Task]) -> list[Line]:
    """Return tasks with their customers, without open ones of those who have cancelled: the follower closes them."""
    seen = customers_visible_to(viewer, snapshot).filter(customer_number=OuterRef("customer_number"))
    found = list(tasks.filter(Exists(seen)).select_related("assignee")[:SHOWN])
    customers = customers_of(viewer, snapshot, (task.customer_number for task in found))
    lines = [Line(customers[task.customer_number], task) for task in found if task.customer_number in customers]
    return [line for line in lines if not line.is_pointless]


def customers_of(viewer: User, snapshot: Snapshot, numbers: Iterable[str]) -> dict[str, CustomerColumns]:
    """Return those of the customers whom the viewer sees, by number."""
    customers = customers_visible_to(viewer, snapshot).filter(customer_number__in=list(numbers)).defer(*UNREAD)
    return {customer.customer_number: customer for customer in customers}


def mine(viewer: User) -> QuerySet[Task]:
    """Return one's own open tasks, the next due first."""
    return Task.objects.filter(assignee=viewer, state=State.OPEN)


def open_for_all(viewer: User) -> QuerySet[Task]:
    """Return open tasks that are not one's own, the next due first: the queue, and what others have."""
    return Task.objects.filter(state=State.OPEN).exclude(assignee=viewer)


def waiting() -> QuerySet[Task]:
    """Return the queue: open tasks that nobody has, the next due first."""
    return Task.objects.filter(state=State.OPEN, assignee=None)


def done_by(viewer: User) -> QuerySet[Task]:
    """Return what was closed, newest first: one's own, and for those who lead, that of their people."""
    people = {viewer.pk, *(agents_of(viewer).values_list("pk", flat=True) if leads(viewer) else ())}
    return Task.objects.filter(assignee__in=people).exclude(state=State.OPEN).order_by("-closed_at", "-id")


def week_of(viewer: User) -> list[WeekOf]:
    """Return the figures of the week: of oneself, and for those who lead, of each of their people."""
    monday = _monday(timezone.now())
    people = {user.pk: user for user in agents_of(viewer)} if leads(viewer) else {}
    people.setdefault(viewer.pk, viewer)
    tasks = Task.objects.filter(assignee__in=people).filter(Q(state=State.OPEN) | Q(closed_at__gte=monday))
    counted = (
        tasks.order_by()
        .values("assignee")
        .annotate(left=Count("pk", filter=Q(state=State.OPEN)), done=Count("pk", filter=Q(state=State.DONE)))
    )
    by_agent = {row["assignee"]: row for row in counted}
    contacts = Contact.objects.filter(agent__in=people, at__gte=monday, standing=True, outcome=Outcome.KEPT)
    kept = dict(contacts.order_by().values("agent").annotate(n=Count("pk")).values_list("agent", "n"))
    return [
        WeekOf(user, by_agent.get(pk, {}).get("left", 0), by_agent.get(pk, {}).get("done", 0), kept.get(pk, 0))
        for pk, user in people.items()
    ]


def _monday(now: datetime) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())
