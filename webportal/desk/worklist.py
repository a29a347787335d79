"""Who deserves a call: customers ranked by probability times worth, without those who are not to be called now.

An index holds the customers of a level by probability, so the ranking is two walks along it, merged. Each walk goes
in windows: a window of rows is read, those who fall out are looked up by index, and the next window is larger. Those at
the top fall out first, for they are called first; where the walk got past them is remembered for two minutes.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from spark_assets.contracts import RiskBand
from webportal.accounts.models import DeskSettings, User
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.customers.summary import summary_of
from webportal.desk.hold_out import draws_held_out
from webportal.desk.models import Contact, Outcome, State, Task

FIRST_WINDOW = 250
GROWTH = 4
MOST_WALKED = 40_000
"""So many rows of a level at most are looked at in one request; with the next one the walk goes on from there."""

REMEMBERED_SECONDS = 120


class Seat(NamedTuple):
    """A customer's place in the order of risk, and what decides whether they are held out."""

    number: str
    probability: float
    band: str
    draw: int | None


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
    customers = customers_visible_to(viewer, snapshot).filter(churn_probability__gte=floor)
    scope = viewer.team_id if viewer.team and not viewer.is_administrator else "all"
    day = timezone.now().date().isoformat()
    walks = [
        _Walk(
            customers.filter(level=level).order_by(*RISKIEST_FIRST),
            desk,
            f"worklist:{snapshot.snapshot_id}:{level}:{scope}:{desk.rest_days}:{desk.hold_out_percent}:{day}",
        ).candidates(worth)
        for level, worth in (("paid", desk.worth_paid), ("free", desk.worth_free))
        if worth > 0
    ]
    return list(islice(heapq.merge(*walks, key=lambda each: (-each.value, each.number)), wanted))


@dataclass(frozen=True)
class _Walk:
    """One walk down a level."""

    customers: QuerySet[CustomerColumns]
    desk: DeskSettings
    memory: str
    """Key in the cache of the last place before which everybody fell out."""

    def candidates(self, worth: float) -> Iterator[Candidate]:
        """Yield those who do not fall out, riskiest first; windows are read as they are needed."""
        after: Seat | None = cache.get(self.memory)
        walked, size, found = 0, FIRST_WINDOW, False
        while walked < MOST_WALKED:
            seats = self._window(after, size)
            free = self._without_those_who_fall_out(seats)
            yield from (Candidate(seat.number, seat.probability * worth) for seat in free)
            found = found or bool(free)
            if len(seats) < size:
                return
            after, walked, size = seats[-1], walked + size, size * GROWTH
            if not found:
                cache.set(self.memory, after, REMEMBERED_SECONDS)

    def _window(self, after: Seat | None, size: int) -> list[Seat]:
        """Return the next `size` seats behind `after`; many customers may share a probability, so first its rest."""
        if after is None:
            return self._read(Q(), size)
        rest = Q(churn_probability=after.probability, customer_number__gt=after.number)
        seats = self._read(rest, size)
        return seats + self._read(Q(churn_probability__lt=after.probability), size - len(seats))

    def _read(self, where: Q, size: int) -> list[Seat]:
        if not size:
            return []
        columns = ("customer_number", "churn_probability", "risk_band", "hold_out_draw")
        return [Seat(*row) for row in self.customers.filter(where).values_list(*columns)[:size]]

    def _without_those_who_fall_out(self, seats: list[Seat]) -> list[Seat]:
        draws = draws_held_out(self.desk.hold_out_percent)
        callable_seats = [
            seat for seat in seats if seat.band != RiskBand.HIGH or seat.draw is None or seat.draw >= draws
        ]
        busy = busy_numbers([seat.number for seat in callable_seats], self.desk)
        return [seat for seat in callable_seats if seat.number not in busy]


def busy_numbers(numbers: list[str], desk: DeskSettings) -> set[str]:
    """Return those of `numbers` who are to be left in peace, or have an open task."""
    now = timezone.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    reached = Q(at__gte=now - timedelta(days=desk.rest_days)) & ~Q(outcome=Outcome.NOT_REACHED)
    contacts = Contact.objects.filter(reached | Q(at__gte=midnight), customer_number__in=numbers, standing=True)
    tasks = Task.objects.filter(customer_number__in=numbers, state=State.OPEN)
    return {
        *contacts.order_by().values_list("customer_number", flat=True),
        *tasks.order_by().values_list("customer_number", flat=True),
    }
