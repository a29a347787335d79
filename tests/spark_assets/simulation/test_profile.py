import json
from dataclasses import replace

import pytest

from spark_assets.simulation.catalogue import load_catalogue
from spark_assets.simulation.profile import Profile, draw_profile, user_id_of
from spark_assets.simulation.settings import Draws, SimulationSettings


def _profile(index: int, settings: SimulationSettings) -> Profile:
    return draw_profile(index, settings, load_catalogue(), Draws(settings.seed, index))


def test_customer_numbers_are_unique_with_eight_digits() -> None:
    numbers = [user_id_of(index) for index in [*range(50_000), *range(49_950_000, 50_000_000)]]

    assert len(set(numbers)) == 100_000
    assert {len(number) for number in numbers} == {8}


def test_neighbours_in_number_have_nothing_in_common() -> None:
    ordered = sorted(range(1000), key=user_id_of)

    assert ordered != list(range(1000))
    assert abs(sum(ordered[:500]) / 500 - 500) < 60


def test_person_holds_the_personal_keys_in_log_order(settings: SimulationSettings) -> None:
    person = json.loads("{" + _profile(3, settings).person[1:] + "}")

    assert list(person) == ["location", "userAgent", "lastName", "firstName", "registration", "gender"]
    assert person["registration"] == _profile(3, settings).registered * 1000


def test_most_registered_before_and_few_join_during_the_window(settings: SimulationSettings) -> None:
    profiles = [_profile(index, settings) for index in range(2000)]
    joining = [profile for profile in profiles if profile.registered >= settings.start_second]

    assert 0.02 < len(joining) / 2000 < 0.06
    assert not any(profile.starts_paid for profile in joining)
    assert max(profile.registered for profile in joining) < settings.start_second + 60 * 86_400


@pytest.mark.parametrize("change", [{"users": 9}, {"days": 5}])
def test_size_of_the_world_does_not_change_a_listener(settings: SimulationSettings, change: dict[str, int]) -> None:
    assert _profile(3, replace(settings, **change)) == _profile(3, settings)  # type: ignore[arg-type]
