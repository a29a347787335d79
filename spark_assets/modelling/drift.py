"""How far a population has moved away from the training examples: population stability index by feature."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SMOOTHING = 0.5
"""Customers added to each bin (Jeffreys' prior): a bin of few customers may be empty by chance, and the logarithm of
nothing would decide alone. Unsmoothed, a decile that nobody is in makes 0.69 of an index."""


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


def psi(
    expected: Sequence[float] | Floats, actual: Sequence[float] | Floats, expected_rows: int, actual_rows: int
) -> float:
    """Population stability index: sum over the bins of (actual - expected) * ln(actual / expected).

    0 when both are alike. By custom, below 0.1 counts as stable and above 0.25 as shifted (Siddiqi, Credit Risk
    Scorecards, 2006).

    Args:
        expected: shares by bin in the training examples.
        actual: shares of the same bins in the population at hand.
        expected_rows: training examples that the shares are of.
        actual_rows: customers at hand.
    """
    if not actual_rows:
        return 0.0
    before, after = _smoothed(expected, expected_rows), _smoothed(actual, actual_rows)
    return float(np.sum((after - before) * np.log(after / before)))


def _smoothed(shares: Sequence[float] | Floats, rows: int) -> Floats:
    counts = np.asarray(shares, dtype=np.float64) * rows + _SMOOTHING
    smoothed: Floats = counts / counts.sum()
    return smoothed
