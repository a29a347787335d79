import pytest

from spark_assets.simulation.hazard import RECENT_HALF_LIFE, Memory


def test_steady_habit_does_not_fade() -> None:
    memory = Memory(hours_a_day=2.0)
    for _ in range(100):
        memory.pass_night()
        memory.remember({}, hours=2.0)

    assert memory.experience(10, False).fading == pytest.approx(0.0, abs=1e-9)


def test_silence_is_fading_and_a_return_ends_it() -> None:
    memory = Memory(hours_a_day=1.0)
    for _ in range(20):
        memory.pass_night()
    silent = memory.experience(10, False).fading
    memory.remember({}, hours=30.0)

    assert silent > 0.5
    assert memory.experience(10, False).fading < silent


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("Roll Advert", "adverts_per_hour"),
        ("Error", "errors_per_10_hours"),
        ("Thumbs Down", "thumbs_down_share"),
        ("Add Friend", "friends_per_10_hours"),
        ("Add to Playlist", "playlists_per_10_hours"),
    ],
)
def test_each_page_raises_its_own_rate(page: str, field: str) -> None:
    calm, stirred = Memory(1.0), Memory(1.0)
    calm.remember({}, hours=1.0)
    stirred.remember({page: 3}, hours=1.0)

    assert getattr(stirred.experience(10, True), field) > getattr(calm.experience(10, True), field)


def test_experience_weighs_half_after_a_half_life() -> None:
    memory = Memory(0.0)
    memory.remember({"Roll Advert": 8}, hours=0.0)
    for _ in range(int(RECENT_HALF_LIFE)):
        memory.pass_night()

    assert memory.experience(10, True).adverts_per_hour == pytest.approx((4.0 + 3.0 * 0.3) / 3.0)
