"""The page about the model that scored the current snapshot: its card, read with forbearance for older cards."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from webportal.customers.models import Snapshot
from webportal.insights.calibration import Calibration, read_calibration
from webportal.insights.drivers import TopicShare, read_drivers
from webportal.insights.model_figures import Confusion, Figure, InWords, read_confusions, read_figures, read_words
from webportal.insights.versions import Version, get_versions

Card = dict[str, Any]


@dataclass(frozen=True)
class Candidate:
    """One candidate of the search: means of its figures over the validating folds."""

    estimator: str
    settings: str
    chosen: bool
    figures: dict[str, float | None]
    seconds: float | None


@dataclass(frozen=True)
class Dates:
    """What a training saw: its logs, the cut-offs it learned from, the one it was judged on, and when the next is due.

    `next_training` is the day that the logs must reach; None where every run trains, and for older cards.
    """

    logs_from: date | None
    logs_to: date | None
    made_on: date | None
    cut_offs: tuple[date, ...]
    judged_on: date | None
    next_training: date | None


@dataclass(frozen=True)
class ModelPage:
    """What the page shows. Without a card everything but `drivers` and `versions` is empty."""

    card: Card | None
    dates: Dates
    words: InWords | None
    figures: list[Figure]
    calibration: Calibration | None
    confusions: list[Confusion]
    candidates: list[Candidate]
    drivers: list[TopicShare]
    versions: list[Version]
    settings: list[tuple[str, str]]
    packages: list[tuple[str, str]]


def get_model_page(snapshot: Snapshot) -> ModelPage:
    """Return the page: two queries, one for the card of `snapshot` and one for the versions of all snapshots."""
    card: Card | None = snapshot.model_card  # deferred until here
    told = card or {}
    return ModelPage(
        card=card,
        dates=_dates(told),
        words=read_words(told),
        figures=read_figures(told),
        calibration=read_calibration(told),
        confusions=read_confusions(told),
        candidates=[_candidate(row) for row in told.get("search", [])],
        drivers=read_drivers(snapshot),
        versions=get_versions(snapshot),
        settings=_listed({**told.get("recipe", {}), **told.get("settings", {})}),
        packages=_listed(told.get("packages", {})),
    )


def _dates(card: Card) -> Dates:
    return Dates(
        logs_from=_day(card.get("data_from")),
        logs_to=_day(card.get("as_of")),
        made_on=_day(card.get("made_at")),
        cut_offs=tuple(date.fromisoformat(day) for day in card.get("training_cut_offs", [])),
        judged_on=_day(card.get("evaluation_cut_off")),
        next_training=_next_training(_day(card.get("as_of")), card.get("retrain_every_days")),
    )


def _next_training(as_of: date | None, every_days: int | None) -> date | None:
    return as_of + timedelta(days=every_days) if as_of and every_days else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written[:10]) if written else None


def _candidate(row: Card) -> Candidate:
    return Candidate(
        estimator=row["estimator"],
        settings=", ".join(f"{name} {_short(value)}" for name, value in row.get("settings", {}).items()),
        chosen=bool(row.get("chosen")),
        figures={name: row.get(name) for name in ("pr_auc", "roc_auc", "lift_top_tenth", "brier", "log_loss")},
        seconds=row.get("seconds"),
    )


def _listed(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _short(value)) for name, value in values.items()]


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
