from dataclasses import replace
from typing import Any

from spark_assets.simulation.listener import DayTruth, Life, Listener, State
from spark_assets.simulation.settings import DAY_SECONDS, SimulationSettings

Event = dict[str, Any]


def test_nothing_comes_after_a_cancellation(histories: list[list[Event]], lives: list[Life]) -> None:
    for life, history in zip(lives, histories, strict=True):
        confirmed = [place for place, event in enumerate(history) if event["page"] == "Cancellation Confirmation"]
        assert confirmed == ([len(history) - 1] if life.truth and life.truth[-1].cancelled else [])
        if confirmed:
            assert history[-2]["page"] == "Cancel"


def test_cancellation_falls_on_the_day_of_the_truth(lives: list[Life], settings: SimulationSettings) -> None:
    for life in lives:
        if life.truth and life.truth[-1].cancelled:
            assert (life.log.seconds[-1] - settings.start_second) // DAY_SECONDS == life.truth[-1].day


def test_truth_has_one_row_a_day_and_ends_with_the_cancellation(
    lives: list[Life], settings: SimulationSettings
) -> None:
    for life in lives:
        days = [truth.day for truth in life.truth]
        assert days == list(range(settings.days))[-len(days) :] or life.truth[-1].cancelled
        assert not any(truth.cancelled for truth in life.truth[:-1])
        assert all(0 < truth.hazard < 1 for truth in life.truth)


def test_share_that_cancels_is_that_of_real_logs_and_of_the_hazard(lives: list[Life]) -> None:
    truths: list[DayTruth] = [truth for life in lives for truth in life.truth]
    cancelled = sum(truth.cancelled for truth in truths)

    assert 0.16 < cancelled / len(lives) < 0.30
    assert abs(cancelled - sum(truth.hazard for truth in truths)) < 3 * cancelled**0.5


def test_joining_listener_is_a_guest_before_the_registration(
    histories: list[list[Event]], settings: SimulationSettings
) -> None:
    joined = [h for h in histories if h and any(event["page"] == "Submit Registration" for event in h)]

    assert joined
    for history in joined:
        place = next(i for i, event in enumerate(history) if event["page"] == "Submit Registration")
        assert {event["auth"] for event in history[: place + 1]} == {"Guest"}
        assert history[place + 1]["registration"] == history[place]["ts"]


def test_longer_window_only_adds(settings: SimulationSettings, lives: list[Life]) -> None:
    for index in range(20):
        shorter = Listener(replace(settings, days=30), index).live()
        assert lives[index].truth[:30] == shorter.truth
        assert lives[index].log.lines[: len(shorter.log.lines)] == shorter.log.lines


def test_state_follows_the_life(settings: SimulationSettings, lives: list[Life]) -> None:
    leaver = next(i for i, life in enumerate(lives) if life.truth and life.truth[-1].cancelled)
    listener = Listener(settings, leaver)
    assert listener.state in {State.SIGNED_OUT, State.UNREGISTERED}
    listener.live()
    assert listener.state is State.CANCELLED


def test_another_seed_is_another_life(settings: SimulationSettings, lives: list[Life]) -> None:
    assert Listener(replace(settings, seed=8), 0).live().log.lines != lives[0].log.lines
