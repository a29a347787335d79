"""The figures of a card: in words for agents, in a table for analysts, and what calling whole bands would have met."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.explanations import JudgedOn, is_judged
from webportal.common.presentation import GROUPS, Group

Card = dict[str, Any]
Interval = tuple[float, float] | None

EVENTS_PER_DAY = "events per day alone"
_TOP_SHARE = 0.1


@dataclass(frozen=True)
class Kind:
    """A figure of a card: its name there, its name on the page, and what it is.

    `no_skill` is what no skill gives, or the name under which the card has that.
    """

    key: str
    label: str | Promise
    meaning: str | Promise
    no_skill: str | float | None = None


KINDS = (
    Kind("roc_auc", "ROC AUC", _("how often a leaver ranks above a stayer; 0.5 is chance"), 0.5),
    Kind("pr_auc", "PR AUC", _("average precision; chance is the share of leavers"), "base_rate"),
    Kind("lift_top_tenth", _("Lift in the top 10 %"), _("leavers there against everywhere; 1 is chance"), 1.0),
    Kind("brier", _("Brier score"), _("mean squared error of the probability; less is better"), "brier_no_skill"),
    Kind("log_loss", _("Log loss"), _("less is better"), "log_loss_no_skill"),
    Kind("ece", _("Calibration error (ECE)"), _("mean distance of probability and share of leavers"), None),
    Kind("mean_probability", _("Mean probability"), _("should equal the share of leavers"), "base_rate"),
    Kind("weighted_f1", _("Weighted F1"), _("says nothing without its value for no skill"), "weighted_f1_no_skill"),
)


@dataclass(frozen=True)
class Figure:
    """One figure with its interval of 95 %, what no skill gives, and the baseline of events per day."""

    kind: Kind
    value: float | None
    interval: Interval
    no_skill: float | None
    baseline: float | None


@dataclass(frozen=True)
class InWords:
    """What an agent should know of a model. Shares are in percent; `one_in` is N of "one in N left"."""

    examples: int
    leavers: int
    base_rate: float
    mean_probability: float | None
    lift: float | None
    lift_interval: Interval
    one_in: int | None
    usual_one_in: int | None

    @property
    def is_judged(self) -> bool:
        """Enough left, and enough stayed, to tell how well the model ranks."""
        return is_judged(JudgedOn(examples=self.examples, leavers=self.leavers))

    @property
    def may_be_chance(self) -> bool:
        """The lift's interval holds 1: the ranking may be luck."""
        return self.lift_interval is not None and self.lift_interval[0] <= 1


@dataclass(frozen=True)
class Confusion:
    """What calling everybody from a band's floor on would have met, in the window that judged; shares in percent."""

    group: Group
    floor: float
    hits: int
    false_alarms: int
    misses: int
    rest: int
    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval


def read_words(card: Card) -> InWords | None:
    """Return the figures of the sentences; None where nothing was judged."""
    metrics = card.get("metrics")
    if not metrics:
        return None
    lift, rate = metrics.get("lift_top_tenth"), metrics["base_rate"]
    mean = metrics.get("mean_probability")
    return InWords(
        examples=metrics["examples"],
        leavers=metrics["leavers"],
        base_rate=100 * rate,
        mean_probability=None if mean is None else 100 * mean,
        lift=lift,
        lift_interval=_interval(metrics.get("intervals", {}).get("lift_top_tenth")),
        one_in=round(1 / (lift * rate)) if lift and rate else None,
        usual_one_in=round(1 / rate) if rate else None,
    )


def read_figures(card: Card) -> list[Figure]:
    """Return the figures that the card has, in the order of `KINDS`."""
    metrics = card.get("metrics") or {}
    intervals = metrics.get("intervals", {})
    baseline = card.get("baselines", {}).get(EVENTS_PER_DAY, {})
    return [
        Figure(
            kind,
            metrics[kind.key],
            _interval(intervals.get(kind.key)),
            metrics.get(kind.no_skill) if isinstance(kind.no_skill, str) else kind.no_skill,
            baseline.get(kind.key),
        )
        for kind in KINDS
        if kind.key in metrics
    ]


def read_confusions(card: Card) -> list[Confusion]:
    """Return the confusion at each band's floor; empty for cards of before there was one."""
    return [
        Confusion(
            group=GROUPS[row["band"]],
            floor=100 * row["floor"],
            hits=row["hits"],
            false_alarms=row["false_alarms"],
            misses=row["misses"],
            rest=row["rest"],
            precision=_percent(row["precision"]),
            precision_interval=_percents(row["precision_interval"]),
            recall=_percent(row["recall"]),
            recall_interval=_percents(row["recall_interval"]),
        )
        for row in card.get("confusion", [])
    ]


def _interval(bounds: list[float] | None) -> Interval:
    return (bounds[0], bounds[1]) if bounds else None


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _percents(bounds: list[float] | None) -> Interval:
    return (100 * bounds[0], 100 * bounds[1]) if bounds else None
