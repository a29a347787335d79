"""Simulated lives that several modules look at; they need no Spark."""

import json
from typing import Any

import pytest

from spark_assets.simulation.listener import Life, Listener
from spark_assets.simulation.settings import SimulationSettings

Event = dict[str, Any]


@pytest.fixture(scope="session")
def settings() -> SimulationSettings:
    return SimulationSettings(users=300, days=61, seed=7)


@pytest.fixture(scope="session")
def lives(settings: SimulationSettings) -> list[Life]:
    return [Listener(settings, index).live() for index in range(settings.users)]


@pytest.fixture(scope="session")
def histories(lives: list[Life]) -> list[list[Event]]:
    """Parsed events of each listener, in order."""
    return [[json.loads(line) for line in life.log.lines] for life in lives]


@pytest.fixture(scope="session")
def events(histories: list[list[Event]]) -> list[Event]:
    return [event for history in histories for event in history]
