"""The known hazard: how likely a listener is to cancel today, given what happened before today.

The simulator draws every cancellation from this function, so its value is the truth that a model is measured against.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Experience:
    """What a listener went through before a day starts.

    "Recent" is a sum in which each day back weighs less, with a half-life of `memory.RECENT_HALF_LIFE` days;
    "earlier" has the half-life `memory.EARLIER_HALF_LIFE`.

    Attributes:
        adverts_per_hour: Recent adverts for each recent hour of music.
        errors_per_10_hours: Recent `Error` pages for every ten recent hours of music.
        thumbs_down_share: Recent Thumbs Down as a share (0 to 1) of all recent thumbs.
        fading: Natural logarithm of earlier hours a day over recent hours a day; above 0 the listener fades away.
        account_age_days: Days since registration, 0 or more.
        is_free: Whether the listener is on the free level.
        friends_per_10_hours: Recent `Add Friend` for every ten recent hours of music.
        playlists_per_10_hours: Recent `Add to Playlist` for every ten recent hours of music.
    """

    adverts_per_hour: float
    errors_per_10_hours: float
    thumbs_down_share: float
    fading: float
    account_age_days: float
    is_free: bool
    friends_per_10_hours: float
    playlists_per_10_hours: float


INTERCEPT = -6.75
COEFFICIENTS = {
    "adverts": 2.10,
    "errors": 1.80,
    "thumbs_down": 7.50,
    "fading": 1.60,
    "newness": 1.20,
    "free": 0.40,
    "friends": -0.85,
    "playlists": -0.75,
}
"""Log-odds per unit of each term of `hazard_terms`."""

FADING_BOUNDS = (-1.0, 2.5)
NEWNESS_DAYS = 30.0


def hazard_terms(experience: Experience) -> dict[str, float]:
    """Return the terms that the coefficients multiply; each grows with its factor.

    | term | is | unit |
    |---|---|---|
    | adverts | ln(1 + adverts an hour) | |
    | errors | ln(1 + errors in ten hours) | |
    | thumbs_down | share of thumbs that point down | 0 to 1 |
    | fading | `fading`, cut to -1 .. 2.5 | log ratio |
    | newness | exp(-account age / 30 days) | 0 to 1 |
    | free | 1 on the free level | 0 or 1 |
    | friends | ln(1 + friends added in ten hours) | |
    | playlists | ln(1 + songs added to playlists in ten hours) | |
    """
    low, high = FADING_BOUNDS
    return {
        "adverts": math.log1p(experience.adverts_per_hour),
        "errors": math.log1p(experience.errors_per_10_hours),
        "thumbs_down": experience.thumbs_down_share,
        "fading": min(max(experience.fading, low), high),
        "newness": math.exp(-max(experience.account_age_days, 0.0) / NEWNESS_DAYS),
        "free": float(experience.is_free),
        "friends": math.log1p(experience.friends_per_10_hours),
        "playlists": math.log1p(experience.playlists_per_10_hours),
    }


def daily_hazard(experience: Experience) -> float:
    """Return the probability (0 to 1) that this listener cancels today: logistic(intercept + sum of terms).

    | term | coefficient (log-odds per unit) |
    |---|---|
    | intercept | -6.75 |
    | adverts | +2.10 |
    | errors | +1.80 |
    | thumbs_down | +7.50 |
    | fading | +1.60 |
    | newness | +1.20 |
    | free | +0.40 |
    | friends | -0.85 |
    | playlists | -0.75 |
    """
    terms = hazard_terms(experience)
    log_odds = INTERCEPT + sum(COEFFICIENTS[name] * value for name, value in terms.items())
    return 1.0 / (1.0 + math.exp(-log_odds))


RECENT_HALF_LIFE = 10.0
"""Days after which a recent experience weighs half."""
EARLIER_HALF_LIFE = 35.0
"""Days after which an hour of the habit that fading is measured against weighs half."""

RECENT_KEEP = 0.5 ** (1.0 / RECENT_HALF_LIFE)
EARLIER_KEEP = 0.5 ** (1.0 / EARLIER_HALF_LIFE)

PRIOR_HOURS = 3.0
"""Hours of usual experience that every rate starts from, so that one advert in five minutes is no catastrophe."""
PRIOR_RATES = {
    "Roll Advert": 0.3,
    "Error": 0.015,
    "Thumbs Up": 0.75,
    "Thumbs Down": 0.15,
    "Add Friend": 0.25,
    "Add to Playlist": 0.40,
}
"""Events an hour that the prior hours hold."""

IDLE_HOURS_A_DAY = 0.08
"""Added to both sides of the fading ratio, so that it stays finite for a listener who plays nothing."""


class Memory:
    """Decayed sums of one listener's events; `hours_a_day` is the habit that an old account starts with."""

    def __init__(self, hours_a_day: float) -> None:
        self._counts = dict.fromkeys(PRIOR_RATES, 0.0)
        self._hours = 0.0
        # The sums that a steady habit of this many hours a day would have reached.
        self._recent = hours_a_day / (1.0 - RECENT_KEEP)
        self._earlier = hours_a_day / (1.0 - EARLIER_KEEP)

    def pass_night(self) -> None:
        """Let a day go by: everything weighs a little less."""
        for page in self._counts:
            self._counts[page] *= RECENT_KEEP
        self._hours *= RECENT_KEEP
        self._recent *= RECENT_KEEP
        self._earlier *= EARLIER_KEEP

    def remember(self, counts: Mapping[str, int], hours: float) -> None:
        """Add one session: events by page and hours of music."""
        for page in self._counts:
            self._counts[page] += counts.get(page, 0)
        self._hours += hours
        self._recent += hours
        self._earlier += hours

    def experience(self, account_age_days: float, is_free: bool) -> Experience:
        """Return what the hazard of the coming day depends on."""
        downs, ups = self._per_hour("Thumbs Down"), self._per_hour("Thumbs Up")
        recent = self._recent * (1.0 - RECENT_KEEP) + IDLE_HOURS_A_DAY
        earlier = self._earlier * (1.0 - EARLIER_KEEP) + IDLE_HOURS_A_DAY
        return Experience(
            adverts_per_hour=self._per_hour("Roll Advert"),
            errors_per_10_hours=10.0 * self._per_hour("Error"),
            thumbs_down_share=downs / (downs + ups),
            fading=math.log(earlier / recent),
            account_age_days=account_age_days,
            is_free=is_free,
            friends_per_10_hours=10.0 * self._per_hour("Add Friend"),
            playlists_per_10_hours=10.0 * self._per_hour("Add to Playlist"),
        )

    def _per_hour(self, page: str) -> float:
        """Recent events of a page for each recent hour of music, drawn towards the usual rate."""
        return (self._counts[page] + PRIOR_HOURS * PRIOR_RATES[page]) / (self._hours + PRIOR_HOURS)
