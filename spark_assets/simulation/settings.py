"""Settings of a simulation and draws from its distributions."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from spark_assets.errors import SettingsError

_BLOCK = 256


class Draws:
    """Single draws from a numpy generator, taken in blocks because one call for one number costs ten times more."""

    def __init__(self, seed: int, index: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, index))))
        self._uniforms: list[float] = []
        self._normals: list[float] = []

    def uniform(self) -> float:
        """Return a number from [0, 1)."""
        if not self._uniforms:
            self._uniforms = self.rng.random(_BLOCK).tolist()
        return self._uniforms.pop()

    def normal(self) -> float:
        """Return a standard normal number."""
        if not self._normals:
            self._normals = self.rng.standard_normal(_BLOCK).tolist()
        return self._normals.pop()

    def exponential(self, mean: float) -> float:
        """Return an exponential number with this mean."""
        return -mean * math.log1p(-self.uniform())

    def count(self, mean: float) -> int:
        """Return a Poisson number with this (small) mean."""
        limit, product, count = math.exp(-mean), self.uniform(), 0
        while product > limit:
            product *= self.uniform()
            count += 1
        return count


MAX_USERS = 50_000_000
MAX_DAYS = 3650
MAX_SEED = 2**63 - 1
FIRST_START = date(2002, 1, 1)
LAST_START = date(2100, 1, 1)
DEFAULT_START = date(2018, 10, 1)

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class SimulationSettings:
    """How many listeners, for how long, from which seed.

    Attributes:
        users: Listeners of the simulated world, 1 to 50 million. A few register only during the first 60 days.
        days: Length of the window in UTC days, 1 to 3650.
        seed: Start of all randomness, 0 to 2^63 - 1. The same seed gives the same bytes; a longer window or more
            listeners only add to what a shorter or smaller run with the same seed gave.
        start: First UTC day, 2002-01-01 to 2100-01-01.

    Raises:
        SettingsError: A field is out of its bounds; the text names it.
    """

    users: int
    days: int
    seed: int = 1
    start: date = DEFAULT_START

    def __post_init__(self) -> None:
        _check_whole("users", self.users, 1, MAX_USERS)
        _check_whole("days", self.days, 1, MAX_DAYS)
        _check_whole("seed", self.seed, 0, MAX_SEED)
        if isinstance(self.start, datetime) or not isinstance(self.start, date):
            raise SettingsError(f"start must be a date such as 2018-10-01, not {self.start!r}")
        if not FIRST_START <= self.start <= LAST_START:
            raise SettingsError(f"start must lie between {FIRST_START} and {LAST_START}, not {self.start}")

    @property
    def start_second(self) -> int:
        """Unix time in seconds of the window's first moment."""
        return int(datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC).timestamp())

    @property
    def end_second(self) -> int:
        """Unix time in seconds of the first moment after the window."""
        return self.start_second + self.days * DAY_SECONDS


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    """Refuse anything but a whole number within `low` and `high`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise SettingsError(f"{name} must be a whole number, not {value!r}")
    if not low <= value <= high:
        raise SettingsError(f"{name} must be between {low} and {high}, not {value}")
