"""A listener's life: not yet registered, signed out, in a visit, cancelled; day by day from one seed."""

import math
from dataclasses import dataclass, field
from enum import Enum

from spark_assets.simulation import pages as p
from spark_assets.simulation.catalogue import Catalogue, load_catalogue
from spark_assets.simulation.hazard import Memory, daily_hazard
from spark_assets.simulation.profile import Profile, draw_profile
from spark_assets.simulation.settings import DAY_SECONDS, Draws, SimulationSettings
from spark_assets.simulation.visit import Log, Visit

HOUR = 3600
MEAN_SONGS = {p.FREE: 48.0, p.PAID: 114.0}
SONGS_SHAPE = 0.85
"""Shape of the Weibull distribution of songs a visit: below 1, so many short visits and a few very long ones."""
WEEKDAY_SCALE = 7.0 / 6.0
"""Makes a week average 1 when both days of the weekend have half a weekday's visits."""
LATEST_HOUR = 16
"""A visit starts no song after this hour of the following day: each day keeps room for a cancellation."""
CANCEL_BY_HOUR = 20


class State(Enum):
    """Where a listener stands."""

    UNREGISTERED = "not yet registered"
    SIGNED_OUT = "signed out"
    VISITING = "in a visit"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class DayTruth:
    """What the simulator knows of one listener's day: `day` counts from the window's first."""

    day: int
    hazard: float
    cancelled: bool


@dataclass
class Life:
    """All that one listener did: lines in order of time (may reach past the window) and the truth by day."""

    user_id: str
    log: Log = field(default_factory=Log)
    truth: list[DayTruth] = field(default_factory=list)


class Interest:
    """Latent taste for the service, 0 when usual: it wanders, and at times turns into a long decline."""

    TURN_SHARE, RECOVERY_SHARE = 0.009, 0.02
    DECLINE, RETURN, NOISE = -0.07, 0.05, 0.05
    BOUNDS = (-2.2, 0.6)

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self.level = 0.3 * draws.normal()
        self._declines = draws.uniform() < 0.15

    def pass_night(self) -> None:
        """Move on by a day."""
        turn = self.RECOVERY_SHARE if self._declines else self.TURN_SHARE
        if self._draws.uniform() < turn:
            self._declines = not self._declines
        drift = self.DECLINE if self._declines else -self.RETURN * self.level
        low, high = self.BOUNDS
        self.level = min(max(self.level + drift + self.NOISE * self._draws.normal(), low), high)


class Listener:
    """The state machine of one listener; `live` runs it through the window."""

    def __init__(self, settings: SimulationSettings, index: int, catalogue: Catalogue | None = None) -> None:
        self._settings = settings
        self._catalogue = catalogue or load_catalogue()
        self._draws = Draws(settings.seed, index)
        self._profile: Profile = draw_profile(index, settings, self._catalogue, self._draws)
        self._interest = Interest(self._draws)
        self._level = p.PAID if self._profile.starts_paid else p.FREE
        self._memory = Memory(self._profile.sessions_a_day * self._profile.songs_scale * MEAN_SONGS[self._level] / 14.5)
        self._session_id = int(60 * self._draws.uniform())
        self._busy_until = 0
        self._life = Life(self._profile.user_id)
        self.state = State.SIGNED_OUT if self._profile.registered < settings.start_second else State.UNREGISTERED

    def live(self) -> Life:
        """Run the whole window, or up to the cancellation."""
        for day in range(self._settings.days):
            self._live_day(day)
            if self.state is State.CANCELLED:
                break
        return self._life

    def _live_day(self, day: int) -> None:
        midnight = self._settings.start_second + day * DAY_SECONDS
        if self.state is State.UNREGISTERED:
            if self._profile.registered < midnight + DAY_SECONDS:
                self._register(midnight)
            return
        self._memory.pass_night()
        self._interest.pass_night()
        hazard = self._hazard(midnight)
        leaves = self._draws.uniform() < hazard
        self._life.truth.append(DayTruth(day, hazard, leaves))
        if leaves:
            self._cancel(midnight)
        else:
            self._visit_all_day(midnight)

    def _hazard(self, midnight: int) -> float:
        """Today's hazard, from what happened before today (a visit counts on the day it began)."""
        age = (midnight - self._profile.registered) / DAY_SECONDS
        return daily_hazard(self._memory.experience(age, self._level == p.FREE))

    def _visit_all_day(self, midnight: int) -> None:
        weekday = (midnight // DAY_SECONDS + 3) % 7
        rhythm = self._profile.weekend_scale if weekday >= 5 else 1.0
        mean = self._profile.sessions_a_day * WEEKDAY_SCALE * rhythm * math.exp(self._interest.level)
        for planned in sorted(self._start_second(midnight) for _ in range(self._draws.count(mean))):
            start = max(planned, self._busy_until + 600 + int(self._draws.exponential(1.5 * HOUR)))
            if start < midnight + DAY_SECONDS:
                visit = self._enter()
                self._stay(visit, visit.open(start), midnight)

    def _start_second(self, midnight: int) -> int:
        """Second of a visit's start: a third of them in the afternoon (UTC), the others at any hour."""
        hour = 14.7 + 2.0 * self._draws.normal() if self._draws.uniform() < 0.36 else 24.0 * self._draws.uniform()
        return midnight + int((hour + self._profile.hour_shift) % 24.0 * HOUR)

    def _register(self, midnight: int) -> None:
        visit = self._enter()
        self._stay(visit, visit.register(self._profile.registered), midnight)

    def _cancel(self, midnight: int) -> None:
        """A last visit that ends today, at the latest a few hours before midnight."""
        visit = self._enter()
        visit.final = True
        until = midnight + CANCEL_BY_HOUR * HOUR
        start = max(min(self._start_second(midnight), until), self._busy_until + 600)
        at = visit.play(visit.open(start), self._songs(), self._dislike(), until)
        self._busy_until = visit.cancel(at)
        self.state = State.CANCELLED

    def _enter(self) -> Visit:
        self.state = State.VISITING
        self._session_id += 1 + int(self._draws.exponential(14.0))
        return Visit(self._profile, self._catalogue, self._draws, self._life.log, self._session_id, self._level)

    def _stay(self, visit: Visit, at: int, midnight: int) -> None:
        """Play, leave, and remember the visit."""
        until = midnight + DAY_SECONDS + LATEST_HOUR * HOUR
        at = visit.play(at, self._songs(), self._dislike(), until)
        self._busy_until = at if visit.over else visit.close(at)
        self._memory.remember(visit.counts, visit.music_seconds / HOUR)
        self._level = visit.level
        self.state = State.SIGNED_OUT

    def _songs(self) -> int:
        """Songs of one visit, at least 1; fewer when interest is low."""
        mean = MEAN_SONGS[self._level] * self._profile.songs_scale * math.exp(0.4 * self._interest.level)
        stretch = (-math.log1p(-self._draws.uniform())) ** (1.0 / SONGS_SHAPE)
        return 1 + int(mean / math.gamma(1.0 + 1.0 / SONGS_SHAPE) * stretch)

    def _dislike(self) -> float:
        """Factor on Thumbs Down: what no longer pleases gets more of them."""
        return math.exp(-0.4 * self._interest.level)
