"""Who a listener is: fixed for life and drawn before the first day."""

import math
from bisect import bisect
from dataclasses import dataclass

from spark_assets.simulation.catalogue import Catalogue
from spark_assets.simulation.settings import DAY_SECONDS, Draws, SimulationSettings

ID_PRIME = 89_999_999
ID_FACTOR = 48_271_133
FIRST_ID = 10_000_000

JOINING_SHARE = 0.038
JOINING_DAYS = 60
MEAN_ACCOUNT_AGE_DAYS = 95.0
USUAL_SESSIONS_A_DAY = 0.27
PAID_SHARE = 0.28


@dataclass(frozen=True)
class Profile:
    """One listener's fixed traits.

    Attributes:
        user_id: Customer number, eight digits as text; says nothing about the listener.
        person: JSON of the personal keys, `,"location":…` up to the value of `gender`, without the closing brace.
        registered: Unix second of the registration.
        starts_paid: Whether the listener is on the paid level when first seen.
        sessions_a_day: Usual sessions a day.
        songs_scale: Factor on the songs of a session.
        weekend_scale: Factor on the sessions of Saturday and Sunday.
        hour_shift: Hours by which this listener's day is shifted.
        advert_scale, error_scale, dislike_scale, social_scale, playlist_scale: Factors on the shares of these pages.
        skip_share: Share of the songs skipped before their end.
    """

    user_id: str
    person: str
    registered: int
    starts_paid: bool
    sessions_a_day: float
    songs_scale: float
    weekend_scale: float
    hour_shift: float
    advert_scale: float
    error_scale: float
    dislike_scale: float
    social_scale: float
    playlist_scale: float
    skip_share: float


def user_id_of(index: int) -> str:
    """Return the customer number of the listener at `index`: unique, scattered over all eight-digit numbers."""
    return str(FIRST_ID + (index * ID_FACTOR + 12_345_678) % ID_PRIME)


def draw_profile(index: int, settings: SimulationSettings, catalogue: Catalogue, draws: Draws) -> Profile:
    """Draw the listener at `index` (0 or more)."""
    registered = _registration(settings, draws)
    return Profile(
        user_id=user_id_of(index),
        person=_person(catalogue, registered, draws),
        registered=registered,
        starts_paid=registered < settings.start_second and draws.uniform() < PAID_SHARE,
        sessions_a_day=USUAL_SESSIONS_A_DAY * _spread(draws, 0.7),
        songs_scale=_spread(draws, 0.40),
        weekend_scale=0.5 * _spread(draws, 0.4),
        hour_shift=1.5 * draws.normal(),
        advert_scale=_spread(draws, 0.55),
        error_scale=_spread(draws, 1.0),
        dislike_scale=_spread(draws, 0.55),
        social_scale=_spread(draws, 0.7),
        playlist_scale=_spread(draws, 0.5),
        skip_share=0.03 * _spread(draws, 0.5),
    )


def _spread(draws: Draws, sigma: float) -> float:
    """Return a lognormal factor with mean 1, cut at three sigma."""
    return math.exp(sigma * min(max(draws.normal(), -3.0), 3.0) - sigma * sigma / 2)


def _registration(settings: SimulationSettings, draws: Draws) -> int:
    """Return the second of registration: for most before the window, for some during its first 60 days."""
    joins, age = draws.uniform() < JOINING_SHARE, draws.exponential(MEAN_ACCOUNT_AGE_DAYS) + 0.5
    if not joins:
        return settings.start_second - int(age * DAY_SECONDS)
    hour = 1.0 + 20.0 * draws.uniform()
    return settings.start_second + int(draws.uniform() * JOINING_DAYS) * DAY_SECONDS + int(hour * 3600)


def _person(catalogue: Catalogue, registered: int, draws: Draws) -> str:
    gender = "F" if draws.uniform() < 0.5 else "M"
    first_names, last_names, agents = catalogue.first_names[gender], catalogue.last_names, catalogue.agents
    return (
        f',"location":{catalogue.places[bisect(catalogue.place_bounds, draws.uniform())]}'
        f',"userAgent":{agents[int(draws.uniform() * len(agents))]}'
        f',"lastName":{last_names[int(draws.uniform() ** 1.5 * len(last_names))]}'
        f',"firstName":{first_names[int(draws.uniform() * len(first_names))]}'
        f',"registration":{registered}000,"gender":"{gender}"'
    )
