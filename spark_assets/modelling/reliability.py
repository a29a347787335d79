"""The reliability curve, and the table behind "of 100 customers with this score, about N left"."""

from typing import Any

import numpy as np

from spark_assets.modelling.figures import equal_mass
from spark_assets.modelling.outcomes import Outcomes

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
