"""What a step is told and what it tells: plain values, so that both travel to another machine as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from spark_assets.errors import SettingsError


@dataclass(frozen=True)
class Bounds:
    """Least and greatest allowed value of a setting, both inclusive, and what it means."""

    least: int
    greatest: int
    meaning: str


BOUNDS: Mapping[str, Bounds] = {
    "horizon_days": Bounds(1, 90, "Days after the cut-off in which a cancellation counts as churn."),
    "cut_off_every_days": Bounds(1, 90, "Days between two training cut-offs."),
    "history_days": Bounds(1, 365, "Least days of logs before the first training cut-off."),
    "look_back_days": Bounds(1, 365, "A customer is eligible when seen within so many days before the cut-off."),
    "quiet_seconds": Bounds(
        0, 3_600, "Log files touched within so many seconds are waited for, and left if they grow."
    ),
    "max_quarantine_percent": Bounds(0, 100, "Percent of a batch's lines in quarantine above which the run stops."),
    "keep_snapshots": Bounds(1, 10_000, "Snapshots kept in Postgres, the current one included."),
    "seed": Bounds(0, 2**31 - 1, "Seed of everything that is drawn."),
}


@dataclass(frozen=True)
class StepParams:
    """Where a step reads and writes, and its settings; bounds and meanings stand in `BOUNDS`.

    Raises:
        SettingsError: a setting is out of its bounds.
    """

    inbox: str
    lake: str
    run_id: str = "by hand"
    horizon_days: int = 14
    cut_off_every_days: int = 7
    history_days: int = 14
    look_back_days: int = 30
    quiet_seconds: int = 2
    max_quarantine_percent: int = 5
    keep_snapshots: int = 90
    seed: int = 1

    def __post_init__(self) -> None:
        for name, bounds in BOUNDS.items():
            value = getattr(self, name)
            if not bounds.least <= value <= bounds.greatest:
                raise SettingsError(f"{name} must lie in [{bounds.least}, {bounds.greatest}], got {value}.")

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "StepParams":
        """The params that `as_dict` gave.

        Raises:
            SettingsError: a key is unknown, or a value out of bounds.
        """
        unknown = set(values) - {item.name for item in fields(cls)}
        if unknown:
            raise SettingsError(f"Unknown settings {sorted(unknown)}.")
        return cls(**values)


@dataclass(frozen=True)
class StepResult:
    """What a step did: rows of its table, facts for people, and a few rows to look at (no personal data).

    `facts` and `preview` hold JSON values only.
    """

    rows: int
    facts: dict[str, Any] = field(default_factory=dict)
    preview: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)
