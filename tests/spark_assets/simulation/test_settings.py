from datetime import date, datetime
from typing import Any

import pytest

from spark_assets.errors import SettingsError
from spark_assets.simulation.settings import SimulationSettings


def test_window_is_whole_utc_days() -> None:
    settings = SimulationSettings(users=1, days=2, start=date(2018, 10, 1))

    assert settings.start_second == 1_538_352_000
    assert settings.end_second == 1_538_352_000 + 2 * 86_400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("users", 0),
        ("users", 50_000_001),
        ("users", 2.5),
        ("users", True),
        ("days", 0),
        ("days", 3651),
        ("seed", -1),
        ("seed", 2**63),
        ("start", date(1999, 1, 1)),
        ("start", "2018-10-01"),
        ("start", datetime(2018, 10, 1)),  # noqa: DTZ001 - any time of day is refused
    ],
)
def test_value_out_of_bounds_is_refused_by_name(field: str, value: object) -> None:
    given: dict[str, Any] = {"users": 1, "days": 1, "seed": 1, field: value}

    with pytest.raises(SettingsError, match=f"^{field} must"):
        SimulationSettings(**given)


@pytest.mark.parametrize(("users", "days"), [(1, 1), (50_000_000, 3650)])
def test_bounds_are_allowed(users: int, days: int) -> None:
    assert SimulationSettings(users=users, days=days).users == users
