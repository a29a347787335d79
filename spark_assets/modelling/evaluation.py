"""Evaluation of a model on the examples that judge it: metrics with intervals, reliability, bands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from spark_assets.modelling.metrics import confusion, equal_mass, figures, intervals
from spark_assets.modelling.scored_outcomes import Outcomes, together

_Z = 1.96
MOST_BINS = 10
LEAST_IN_A_BIN = 50
"""Customers; fewer say next to nothing about a share of a few percent."""


def reliability(outcomes: Outcomes, overlap: float = 1.0) -> list[dict[str, Any]]:
    """What came of the scores by bins of about equal mass, the highest first.

    Each row holds the scores it spans (`least`, `greatest`), `mean_probability`, `examples`, `leavers`, `rate` (their
    share) and its Wilson interval of 95 % (`low`, `high`).

    Args:
        outcomes: scores with what came of them.
        overlap: label windows that one day falls into; one customer's examples then share their fate, and count as
            that many times fewer in the interval.
    """
    sizes = outcomes.leavers + outcomes.stayers
    total = int(sizes.sum())
    bins = equal_mass(sizes, int(np.clip(total // LEAST_IN_A_BIN, 1, MOST_BINS)))
    return [_row(outcomes, bins == number, overlap) for number in np.unique(bins)]


def _row(outcomes: Outcomes, within: np.ndarray[Any, np.dtype[np.bool_]], overlap: float) -> dict[str, Any]:
    scores, leavers, stayers = outcomes.scores[within], outcomes.leavers[within], outcomes.stayers[within]
    examples, left = int((leavers + stayers).sum()), int(leavers.sum())
    low, high = wilson(left / overlap, examples / overlap)
    return {
        "least": float(scores.min()),
        "greatest": float(scores.max()),
        "mean_probability": float((scores * (leavers + stayers)).sum() / examples),
        "examples": examples,
        "leavers": left,
        "rate": left / examples,
        "low": low,
        "high": high,
    }


def wilson(hits: float, tries: float) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share."""
    share, weight = hits / tries, _Z**2 / tries
    middle = (share + weight / 2) / (1 + weight)
    half = _Z * np.sqrt(share * (1 - share) / tries + weight / (4 * tries)) / (1 + weight)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


class Settings(Protocol):
    """What judging takes of a recipe."""

    @property
    def horizon_days(self) -> int:
        """Days that a label looks ahead."""

    @property
    def cut_off_every_days(self) -> int:
        """Days between two cut-offs."""

    @property
    def bootstrap_replicates(self) -> int:
        """Of the intervals."""

    @property
    def seed(self) -> int:
        """Of the bootstrap."""


@dataclass(frozen=True)
class Judged:
    """Figures on the judging window (`metrics`), and tables of calibration."""

    metrics: dict[str, Any]
    """`examples`, `leavers`, `base_rate`, every figure, and `intervals` of 95 % by figure; empty without examples."""
    reliability: list[dict[str, Any]]
    """On the judging window alone."""
    of_a_hundred: list[dict[str, Any]]
    """On the newest cut-offs of the fitting side, by models that had not seen them, and the judging window together:
    more customers, so narrower intervals."""
    confusion: list[dict[str, Any]]
    """On the judging window, at the floor of each band but the lowest, the highest first; see `at_floor`."""


def judge(window: Outcomes, unseen: Outcomes, floors: Mapping[str, float], settings: Settings) -> Judged:
    """Judge calibrated probabilities.

    Args:
        window: of the judging window, which nothing was fitted on.
        unseen: of the newest cut-offs of the fitting side: by models that had not seen them, though the calibration's
            two numbers had.
        floors: least probability of each band but the lowest.
        settings: horizon and cut-offs, replicates and seed of the bootstrap.
    """
    metrics: dict[str, Any] = {}
    if window.examples:
        counted = {
            "examples": window.examples, "leavers": int(window.leavers.sum()), "base_rate": window.base_rate
        }  # fmt: skip
        found = intervals(window, settings.bootstrap_replicates, settings.seed)
        metrics = {**counted, **figures(window), "intervals": found}
    overlap = max(settings.horizon_days / settings.cut_off_every_days, 1.0)
    return Judged(
        metrics=metrics,
        reliability=reliability(window) if window.examples else [],
        of_a_hundred=reliability(together(unseen, window), overlap),
        confusion=[at_floor(window, band, floors[band]) for band in sorted(floors, key=lambda band: -floors[band])]
        if window.examples
        else [],
    )


def at_floor(window: Outcomes, band: str, floor: float) -> dict[str, Any]:
    """What calling a band and those above it meets: the counts of `confusion`, and two shares with their intervals.

    `precision` is the share of leavers among the called, `recall` the share of the called among leavers; each is None
    without anybody to divide by, and so is its Wilson interval of 95 %.
    """
    met = confusion(window, floor)
    shares: dict[str, Any] = {}
    for name, others in (("precision", met["false_alarms"]), ("recall", met["misses"])):
        tries = met["hits"] + others
        shares[name] = met["hits"] / tries if tries else None
        shares[f"{name}_interval"] = list(wilson(met["hits"], tries)) if tries else None
    return {"band": band, "floor": floor, **met, **shares}
