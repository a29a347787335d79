"""What a step is told and what it tells: plain values, so that both travel to another machine as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from spark_assets.errors import SettingsError


@dataclass(frozen=True)
class Bounds:
    """Least and greatest allowed value of a setting, both inclusive, and what it means."""

    least: float
    greatest: float
    meaning: str

    def check(self, name: str, value: float) -> None:
        """Refuse a value outside.

        Raises:
            SettingsError: names the setting, its bounds and the value.
        """
        if not self.least <= value <= self.greatest:
            raise SettingsError(f"{name} must lie in [{self.least}, {self.greatest}], got {value}.")


@dataclass(frozen=True)
class Choice:
    """The texts that a setting may be, and what it means."""

    options: tuple[str, ...]
    meaning: str

    def check(self, name: str, value: str) -> None:
        """Refuse another text.

        Raises:
            SettingsError: names the setting, its options and the value.
        """
        if value not in self.options:
            raise SettingsError(f"{name} must be one of {list(self.options)}, got {value!r}.")


BOUNDS: Mapping[str, Bounds | Choice] = {
    "horizon_days": Bounds(1, 90, "Days after the cut-off in which a cancellation counts as churn."),
    "cut_off_every_days": Bounds(1, 90, "Days between two training cut-offs."),
    "history_days": Bounds(1, 365, "Least days of logs before the first training cut-off."),
    "look_back_days": Bounds(1, 365, "A customer is eligible when seen within so many days before the cut-off."),
    "retrain_every_days": Bounds(
        0,
        365,
        "Train once the logs reach so many days further than those of the last training, or no champion can score; 0 "
        "trains in every run.",
    ),
    "validation_folds": Bounds(1, 10, "Most folds of the search; forward in time, the newest cut-offs validate."),
    "choose_by": Choice(
        ("pr_auc", "roc_auc", "log_loss", "brier"), "Figure on the validation folds by which the search chooses."
    ),
    "tie_percent": Bounds(
        0, 50, "Candidates within so many percent of the best count as equal, and the simplest of them is chosen."
    ),
    "bootstrap_replicates": Bounds(100, 10_000, "Replicates of every bootstrap."),
    "challenger_confidence": Bounds(
        0.5, 0.999, "A new model is refused when it is worse than the champion in this share of bootstrap replicates."
    ),
    "band_high_lift": Bounds(1.0, 50.0, "The high band begins at so many times the usual rate of leaving."),
    "band_medium_lift": Bounds(0.1, 50.0, "The medium band begins at so many times the usual rate of leaving."),
    "max_feature_auc": Bounds(
        0.55,
        1.0,
        "A feature that alone surely ranks who leaves better than this (ROC AUC) is a leak and blocks.",
    ),
    "suspicious_auc": Bounds(0.55, 1.0, "A model whose ROC AUC is above this brings a warning to look for a leak."),
    "max_calibration_error": Bounds(
        0.001, 1.0, "A model whose expected calibration error is surely above this brings a warning."
    ),
    "max_calibration_ratio": Bounds(
        1.1, 10.0, "Mean probability and observed share of leavers may differ by this factor; surely beyond it blocks."
    ),
    "max_psi": Bounds(
        0.05, 10.0, "Features whose population stability index since training is above this bring a warning."
    ),
    "max_score_ratio": Bounds(
        1.1, 100.0, "The mean probability may differ from the last snapshot's by this factor; beyond it blocks."
    ),
    "quiet_seconds": Bounds(
        0, 3_600, "Log files touched within so many seconds are waited for, and left if they grow."
    ),
    "max_quarantine_percent": Bounds(
        0, 100, "Percent of a batch in quarantine (of its lines, their bytes, its files) above which the run stops."
    ),
    "least_days_known": Bounds(0, 365, "Fewer days since the first event cast doubt on a customer's score."),
    "least_days_listened": Bounds(0, 365, "Fewer days with a song cast doubt on a customer's score."),
    "outside_percent": Bounds(
        1, 100, "Percent of a score's contributions from values beyond the trained range, from which on it is doubted."
    ),
    "stale_after_days": Bounds(1, 3_650, "Logs that end longer ago cast doubt on every score."),
    "old_after_days": Bounds(1, 3_650, "A model trained longer ago casts doubt on every score."),
    "keep_snapshots": Bounds(
        2, 10_000, "Snapshots kept in Postgres, the current one and the one that pages under way still read included."
    ),
    "seed": Bounds(0, 2**31 - 1, "Seed of everything that is drawn."),
}


@dataclass(frozen=True)
class StepParams:
    """Where a step reads and writes, and its settings; bounds and meanings stand in `BOUNDS`.

    `version` names the model that `promote_model` makes the champion, `batch` what `withdraw_batch` withdraws, `as_of`
    the day (ISO) of `past_features` and `past_scores`.

    Raises:
        SettingsError: a setting is out of its bounds.
    """

    inbox: str
    lake: str
    run_id: str = "by hand"
    version: str = ""
    batch: int = 0
    as_of: str = ""
    horizon_days: int = 14
    cut_off_every_days: int = 7
    history_days: int = 14
    look_back_days: int = 30
    retrain_every_days: int = 7
    validation_folds: int = 3
    choose_by: str = "pr_auc"
    tie_percent: int = 2
    bootstrap_replicates: int = 500
    challenger_confidence: float = 0.8
    band_high_lift: float = 2.0
    band_medium_lift: float = 1.0
    max_feature_auc: float = 0.78
    suspicious_auc: float = 0.8
    max_calibration_error: float = 0.05
    max_calibration_ratio: float = 2.0
    max_psi: float = 0.25
    max_score_ratio: float = 3.0
    quiet_seconds: int = 2
    max_quarantine_percent: int = 5
    least_days_known: int = 14
    least_days_listened: int = 3
    outside_percent: int = 25
    stale_after_days: int = 3
    old_after_days: int = 35
    keep_snapshots: int = 90
    seed: int = 1

    def __post_init__(self) -> None:
        for name, bounds in BOUNDS.items():
            bounds.check(name, getattr(self, name))
        if self.band_medium_lift > self.band_high_lift:
            raise SettingsError(
                f"band_medium_lift must not be above band_high_lift, got {self.band_medium_lift} above "
                f"{self.band_high_lift}."
            )

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
