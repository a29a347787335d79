from dataclasses import replace
from typing import Any

import pytest

from spark_assets.simulation.hazard import COEFFICIENTS, INTERCEPT, Experience, daily_hazard, hazard_terms

USUAL = Experience(
    adverts_per_hour=0.3,
    errors_per_10_hours=0.2,
    thumbs_down_share=0.17,
    fading=0.0,
    account_age_days=60.0,
    is_free=False,
    friends_per_10_hours=2.5,
    playlists_per_10_hours=4.0,
)


def test_usual_listener_leaves_within_sixty_days_about_once_in_ten() -> None:
    assert 0.05 < 1 - (1 - daily_hazard(USUAL)) ** 60 < 0.25


@pytest.mark.parametrize(
    "worse",
    [
        {"adverts_per_hour": 2.0},
        {"errors_per_10_hours": 2.0},
        {"thumbs_down_share": 0.5},
        {"fading": 1.0},
        {"account_age_days": 3.0},
        {"is_free": True},
        {"friends_per_10_hours": 0.5},
        {"playlists_per_10_hours": 0.5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_hazard_rises_with_each_factor(worse: dict[str, Any]) -> None:
    assert daily_hazard(replace(USUAL, **worse)) > daily_hazard(USUAL)


def test_hazard_is_a_probability_at_extremes() -> None:
    worst = Experience(100.0, 100.0, 1.0, 99.0, -1.0, True, 0.0, 0.0)
    best = Experience(0.0, 0.0, 0.0, -99.0, 1e6, False, 100.0, 100.0)

    assert 0.0 < daily_hazard(best) < daily_hazard(worst) < 1.0


def test_every_term_has_a_coefficient_and_stands_in_the_documented_table() -> None:
    assert set(hazard_terms(USUAL)) == set(COEFFICIENTS)
    for name, coefficient in {"intercept": INTERCEPT, **COEFFICIENTS}.items():
        assert f"| {name} | {coefficient:+.2f} |" in str(daily_hazard.__doc__)
