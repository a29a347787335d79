"""Drift: population stability of features and scores between a model's examples and now."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spark_assets.features.registry import FEATURE, LIFE
from spark_assets.features.registry.formulas import FIRST_ACTION, Fact, Formula, Greatest, Total

_FULL = 0.9
"""Share of the training's cut-offs at which a window must have been full: the first ones of any logs are short."""


def comparable(names: Iterable[str], card: dict[str, Any], as_of: date) -> list[str]:
    """Return those of the features `names` that mean the same at the cut-offs of a card's examples and at `as_of`."""
    begin = date.fromisoformat(card["data_from"])
    then = [(cut_off - begin).days for cut_off in _cut_offs(card)]
    now = (as_of - begin).days + 1
    return [name for name in names if _means_the_same(FEATURE[name].formula, then, now)]


def _means_the_same(formula: Formula, then: Sequence[int], now: int) -> bool:
    if grows(formula):
        return False
    if not isinstance(formula.window, int):
        return True
    full = sum(days >= formula.window for days in then)
    return now >= formula.window and full >= _FULL * len(then)


def grows(formula: Formula) -> bool:
    """Tell whether a feature grows with the calendar alone.

    That is days since the first event in the logs, a total without end, or the age of an account, which is a day more
    each day.
    """
    if isinstance(formula, Fact):
        return FIRST_ACTION in formula.needs or formula.fact == "account_age_days"
    return FIRST_ACTION in formula.needs or (isinstance(formula, Total | Greatest) and formula.window == LIFE)


def _cut_offs(card: dict[str, Any]) -> list[date]:
    """Return the cut-offs of all examples, from which the portrait is drawn."""
    validated = (day for fold in card["folds"] for day in fold["validate"])
    days = {*card["training_cut_offs"], *validated, card["evaluation_cut_off"]}
    return sorted(date.fromisoformat(day) for day in days)


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
