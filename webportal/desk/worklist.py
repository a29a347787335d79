"""Who deserves a call: customers ranked by probability times worth, without those who are not to be called now.

An index holds the customers of a level by probability, so the ranking is a walk along it for each level, merged. The
logs may bring any number of levels: the rare ones share one walk along the index of risk. Who falls out is
looked up by index on the way. Those at the top are called first and so fall out first, and by noon a walk from the top
would pass thousands of them. Each worker therefore remembers where a walk found its first, and begins there next time.
Whoever comes back to a place before that mark had a task which was closed, so these few are asked for by themselves.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from spark_assets.contracts import OTHERS, UNKNOWN, RiskBand
from webportal.accounts.models import DeskSettings, User
from webportal.common.values import FREE
from webportal.customers.hold_out import held_out
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot, summary_of
from webportal.customers.selectors import customers_visible_to, has_one_of
from webportal.desk.models import Closing, Contact, Outcome, State, Task

MEMORY = "memory"
REMEMBERED_SECONDS = 3_600
_MARK = "worklist"
MOST_WALKS = 12
"""Levels that are walked along one by one."""
MOST_BACK = 500
"""So many who may have come back are looked at, the latest."""

Customers = QuerySet[CustomerColumns]


class Place(NamedTuple):
    """A place in the order of risk, and the level of who stands there."""

    number: str
    probability: float
    level: str | None = None


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
    levels = _levels(snapshot, desk)
    walks = {level: customers.filter(has_one_of("level", [level])) for level in levels if desk.worth_of(level) > 0}
    if len(levels) == MOST_WALKS and max(desk.worth_paid, desk.worth_free) > 0:
        walks[OTHERS] = customers.exclude(has_one_of("level", levels))
    named = _same_list(viewer, snapshot, desk)
    memories = {level: f"{_MARK}:{sha256(level.encode()).hexdigest()[:16]}:{named}" for level in walks}
    marks: dict[str, Place] = caches[MEMORY].get_many(memories.values())
    found = [
        place
        for level, walk in walks.items()
        for place in _remembering(walk, memories[level], marks.get(memories[level]), wanted)
    ]
    values = {place.number: place.probability * desk.worth_of(place.level) for place in found + _come_back(customers)}
    ranked = sorted(values.items(), key=lambda each: (-each[1], each[0]))
    return [Candidate(*each) for each in ranked[:wanted] if each[1] > 0]


def _levels(snapshot: Snapshot, desk: DeskSettings) -> list[str]:
    """Return the levels to walk along: those whose worth is not that of paying customers, then the most frequent."""
    counted = summary_of(snapshot)["levels"]
    ranked = sorted((level for level in counted if level != OTHERS), key=lambda level: (-counted[level], level))
    first = [level for level in (*desk.worths, FREE, UNKNOWN) if level in counted]
    return list(dict.fromkeys([*first, *ranked]))[:MOST_WALKS]


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
        caches[MEMORY].set(memory, first, REMEMBERED_SECONDS)
    return found


def forget_marks() -> None:
    """Forget all marks of this worker, since a mark names a customer; others forget theirs within the hour.

    They lie in no table: the next walks begin at the top and set them anew.
    """
    caches[MEMORY].clear()


def _walk(customers: Customers, mark: Place | None, wanted: int) -> list[Place]:
    """Return the first `wanted` from the mark on, the customer at the mark included."""
    if mark is not None:
        before = Q(churn_probability=mark.probability, customer_number__lt=mark.number)
        customers = customers.filter(~before, churn_probability__lte=mark.probability)
    return _places(customers[:wanted])


def _places(customers: Customers) -> list[Place]:
    rows = customers.values_list("customer_number", "churn_probability", "level")
    return [Place(number, probability, level) for number, probability, level in rows if probability is not None]


def _come_back(customers: Customers) -> list[Place]:
    """Return those whose task was closed without an outcome since a mark may have been set, in no order."""
    since = timezone.now() - timedelta(seconds=REMEMBERED_SECONDS)
    closed = Task.objects.filter(closed_at__gte=since).exclude(state=State.OPEN).exclude(closing=Closing.OUTCOME)
    # by number and in no order: else the database might look for these few by walking the index of risk
    numbers = list(closed.order_by("-closed_at").values_list("customer_number", flat=True)[:MOST_BACK])
    return _places(customers.filter(customer_number__in=numbers).order_by())


def _same_list(viewer: User, snapshot: Snapshot, desk: DeskSettings) -> str:
    """Return a short name of all that decides who is on the list: the snapshot, the scope, the rules and the day."""
    team = None if viewer.team is None or viewer.is_administrator else viewer.team
    scope = (team.pk, team.levels, team.places, team.by_list) if team else ()
    rules = (desk.rest_days, desk.hold_out_percent)
    told = repr((snapshot.snapshot_id, scope, rules, timezone.now().date()))
    return sha256(told.encode()).hexdigest()[:32]
