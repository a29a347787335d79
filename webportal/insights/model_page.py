"""The page of the model that scored the current snapshot: card, calibration, versions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from webportal.common.presentation import across, down, round_end
from webportal.customers.models import Snapshot
from webportal.insights.model_metrics import Confusion, Figure, InWords, read_confusions, read_figures, read_words
from webportal.insights.overview import TopicShare, read_drivers


@dataclass(frozen=True)
class Version:
    """One version: the as-of dates it scored, how many snapshots, and figures of its card where that was kept."""

    version: str
    estimator: str
    first: date
    last: date
    snapshots: int
    data_to: date | None
    pr_auc: float | None
    lift: float | None
    now: bool


_OF_CARD = ("model_card__as_of", "model_card__metrics__pr_auc", "model_card__metrics__lift_top_tenth")


def get_versions(snapshot: Snapshot) -> list[Version]:
    """Return the versions of the snapshots up to this one, the newest first.

    One query; the database takes the few figures out of each card.
    """
    rows = (
        Snapshot.objects.filter(snapshot_id__lte=snapshot.snapshot_id, model_version__isnull=False)
        .order_by("-snapshot_id")
        .values("as_of_date", "model_version", "model_facts__estimator", *_OF_CARD)
    )
    by_version: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_version.setdefault(row["model_version"], []).append(row)
    return [_version(name, found, name == snapshot.model_version) for name, found in by_version.items()]


def _version(name: str, rows: list[dict[str, Any]], now: bool) -> Version:
    days = [row["as_of_date"] for row in rows]
    newest = rows[0]
    data_to, pr_auc, lift = (newest[path] for path in _OF_CARD)
    return Version(
        version=name,
        estimator=newest["model_facts__estimator"] or "",
        first=min(days),
        last=max(days),
        snapshots=len(rows),
        data_to=date.fromisoformat(data_to) if data_to else None,
        pr_auc=pr_auc,
        lift=lift,
        now=now,
    )


Row = dict[str, float]


@dataclass(frozen=True)
class Bin:
    """Scores from `least` to `greatest`: their mean, and the share that left with its interval; all in percent.

    `left`, `top`, `low_top` and `high_top` are places in a drawing of 100 by 100.
    """

    least: float
    greatest: float
    mean: float
    rate: float
    low: float
    high: float
    examples: int
    leavers: int
    left: float
    top: float
    low_top: float
    high_top: float


@dataclass(frozen=True)
class Calibration:
    """The curve of the judging window, and the table that the customer page reads, which rests on more customers.

    Both axes go from 0 to `end` percent. `ece` is in percentage points, with its interval.
    """

    bins: tuple[Bin, ...]
    of_a_hundred: tuple[Bin, ...]
    end: float
    ece: float | None
    ece_interval: tuple[float, float] | None

    @property
    def line(self) -> str:
        """The bins joined, as SVG's `points`, from low to high."""
        return " ".join(f"{each.left},{each.top}" for each in sorted(self.bins, key=lambda each: each.mean))


def read_calibration(card: dict[str, Any]) -> Calibration | None:
    """Return the calibration of a card; None where it has no such table."""
    rows: list[Row] = card.get("reliability") or []
    table: list[Row] = card.get("of_a_hundred") or []
    if not rows and not table:
        return None
    end = round_end(100 * max(max(row["high"], row["mean_probability"]) for row in rows or table))
    metrics = card.get("metrics") or {}
    ece, interval = metrics.get("ece"), metrics.get("intervals", {}).get("ece")
    return Calibration(
        bins=tuple(_bin(row, end) for row in rows),
        of_a_hundred=tuple(_bin(row, end) for row in table),
        end=end,
        ece=None if ece is None else 100 * ece,
        ece_interval=(100 * interval[0], 100 * interval[1]) if interval else None,
    )


def _bin(row: Row, end: float) -> Bin:
    mean, rate, low, high = (100 * row[name] for name in ("mean_probability", "rate", "low", "high"))
    return Bin(
        least=100 * row["least"],
        greatest=100 * row["greatest"],
        mean=mean,
        rate=rate,
        low=low,
        high=high,
        examples=int(row["examples"]),
        leavers=int(row["leavers"]),
        left=across(mean, end),
        top=down(rate, end),
        low_top=down(low, end),
        high_top=down(high, end),
    )


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
