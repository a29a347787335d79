"""How far a population has moved away from the training examples: population stability index by feature."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEAST_SHARE = 1e-4
"""An empty bin counts as this much, so that one bin that nobody is in does not make the index infinite."""


def bin_edges(deciles: Sequence[float]) -> Floats:
    """Upper edges of the bins but the last: the deciles, each value once, as many customers share one count."""
    return np.unique(np.asarray(deciles, dtype=np.float64))


def bin_shares(values: Floats, edges: Floats) -> Floats:
    """Share of the values in each bin: up to and with the first edge, ..., above the last one, and unknown (NaN).

    Args:
        values: shape (rows,); NaN is unknown.
        edges: as `bin_edges` gives them.

    Returns:
        Shape (len(edges) + 2,); sums to 1, or all 0 without any row.
    """
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    shares: Floats = np.append(counts, len(values) - len(known)) / max(len(values), 1)
    return shares


def psi(expected: Sequence[float] | Floats, actual: Sequence[float] | Floats) -> float:
    """Population stability index: sum over the bins of (actual - expected) * ln(actual / expected).

    0 when both are alike. By custom, below 0.1 counts as stable and above 0.25 as shifted (Siddiqi, Credit Risk
    Scorecards, 2006).

    Args:
        expected: shares by bin in the training examples.
        actual: shares of the same bins in the population at hand.
    """
    before = np.maximum(np.asarray(expected, dtype=np.float64), _LEAST_SHARE)
    after = np.maximum(np.asarray(actual, dtype=np.float64), _LEAST_SHARE)
    return float(np.sum((after - before) * np.log(after / before)))
