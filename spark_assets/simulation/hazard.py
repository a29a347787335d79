"""The known hazard: how likely a listener is to cancel today, given what happened before today.

The simulator draws every cancellation from this function, so its value is the truth that a model is measured against.
"""

import math
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
