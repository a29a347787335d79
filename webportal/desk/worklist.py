"""Who deserves a call: customers ranked by probability times worth, without those who are not to be called now.

An index holds the customers of a level by probability, so the ranking is two walks along it, merged; who falls out is
looked up by index on the way. Those at the top are called first and so fall out first, and by noon a walk from the top
would pass thousands of them. Where a walk found its first customer is therefore remembered, and the next begins there.
Whoever comes back to a place before that mark had a task which was closed, so these few are asked for by themselves.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from spark_assets.contracts import RiskBand
from webportal.accounts.models import DeskSettings, User
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.customers.summary import summary_of
from webportal.desk.hold_out import held_out
from webportal.desk.models import Closing, Contact, Outcome, State, Task

REMEMBERED_SECONDS = 3_600
MOST_BACK = 500
"""So many who may have come back are looked at, the latest."""

Customers = QuerySet[CustomerColumns]


class Place(NamedTuple):
    """A place in the order of risk."""

    number: str
    probability: float


END = Place("", -1.0)
"""Behind everybody: a walk that found nobody."""


@dataclass(frozen=True)
class Candidate:
    """A customer who deserves a call, and how much: probability times worth."""

    number: str
    value: float


def suggestions(viewer: User, snapshot: Snapshot, desk: DeskSettings, wanted: int) -> list[Candidate]:
    """Return at most `wanted` customers, best first; nobody of low risk, and nobody before anything was scored.

    Left out are customers held out, those with an open task, those reached within `rest_days`, and those whom somebody
    tried to reach today.
    """
    floor = summary_of(snapshot)["band_floors"].get(RiskBand.MEDIUM.value)
    if floor is None:
        return []
    at_risk = customers_visible_to(viewer, snapshot).filter(churn_probability__gte=floor)
    customers = _to_be_called(at_risk, desk).order_by(*RISKIEST_FIRST)
    worths = {level: worth for level, worth in (("paid", desk.worth_paid), ("free", desk.worth_free)) if worth > 0}
    named = _same_list(viewer, snapshot, desk)
    memories = {level: f"worklist:{level}:{named}" for level in worths}
    marks: dict[str, Place] = cache.get_many(memories.values())
    found = [
        (place, level)
        for level, memory in memories.items()
        for place in _remembering(customers.filter(level=level), memory, marks.get(memory), wanted)
    ]
    back = [(place, level) for place, level in _come_back(customers) if level in worths]
    values = {place.number: place.probability * worths[level] for place, level in found + back}
    ranked = sorted(values.items(), key=lambda each: (-each[1], each[0]))
    return [Candidate(*each) for each in ranked[:wanted]]


def _to_be_called(customers: Customers, desk: DeskSettings) -> Customers:
    """Leave out who is not to be called now. Days of rest are whole days, so nobody comes back before midnight."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    rested = midnight - timedelta(days=desk.rest_days)
    reached = Q(at__gte=rested) & ~Q(outcome=Outcome.NOT_REACHED)
    same = {"customer_number": OuterRef("customer_number")}
    return customers.exclude(held_out(desk.hold_out_percent)).filter(
        ~Exists(Contact.objects.filter(reached | Q(at__gte=midnight), standing=True, **same)),
        ~Exists(Task.objects.filter(state=State.OPEN, **same)),
    )


def _remembering(customers: Customers, memory: str, mark: Place | None, wanted: int) -> list[Place]:
    """Walk, and remember where the first was found when it is another place than before."""
    found = _walk(customers, mark, wanted)
    first = found[0] if found else END
    if first != mark:
        cache.set(memory, first, REMEMBERED_SECONDS)
    return found


def _walk(customers: Customers, mark: Place | None, wanted: int) -> list[Place]:
    """Return the first `wanted` from the mark on, the customer at the mark included."""
    if mark is not None:
        before = Q(churn_probability=mark.probability, customer_number__lt=mark.number)
        customers = customers.filter(~before, churn_probability__lte=mark.probability)
    rows = customers.values_list("customer_number", "churn_probability")[:wanted]
    return [Place(number, probability) for number, probability in rows if probability is not None]


def _come_back(customers: Customers) -> list[tuple[Place, str]]:
    """Return those whose task was closed without an outcome since a mark may have been set, in no order."""
    since = timezone.now() - timedelta(seconds=REMEMBERED_SECONDS)
    closed = Task.objects.filter(closed_at__gte=since).exclude(state=State.OPEN).exclude(closing=Closing.OUTCOME)
    # by number and in no order: else the database might look for these few by walking the index of risk
    numbers = list(closed.order_by("-closed_at").values_list("customer_number", flat=True)[:MOST_BACK])
    back = customers.filter(customer_number__in=numbers).order_by()
    rows = back.values_list("customer_number", "churn_probability", "level")
    return [(Place(number, probability), level) for number, probability, level in rows if probability and level]


def _same_list(viewer: User, snapshot: Snapshot, desk: DeskSettings) -> str:
    """Return a short name of all that decides who is on the list: the snapshot, the scope, the rules and the day."""
    team = None if viewer.team is None or viewer.is_administrator else viewer.team
    scope = (team.pk, team.levels, team.places, team.by_list) if team else ()
    rules = (desk.rest_days, desk.hold_out_percent)
    told = repr((snapshot.snapshot_id, scope, rules, timezone.now().date()))
    return sha256(told.encode()).hexdigest()[:32]
