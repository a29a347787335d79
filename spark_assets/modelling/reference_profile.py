"""The reference profile of a model: how its examples are distributed, as new rows are compared with it."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import MissingTableError
from spark_assets.estimators.trees import Floats
from spark_assets.lake.schema import LABEL, USER_ID
from spark_assets.modelling.drift import bin_edges, bin_shares, psi
from spark_assets.modelling.metrics import roc_auc
from spark_assets.modelling.scored_outcomes import ranked

SAMPLE = 20_000
"""Customers that portraits are drawn from; their hash decides, so that the same are drawn each time."""

_DECILES = np.arange(1, 10) / 10

GRID = np.array([0.001, *np.arange(1, 100) / 100, 0.999])
"""Quantiles that are kept for words and doubts: their ends are the trained range."""

Portrait = dict[str, dict[str, Any]]
"""By feature: inner `edges` of bins of about equal mass, `shares` of the examples in each bin and without a value
(last), how many `rows` these are of, the `typical` value (median, null where no example has one), `quantiles` at `GRID`
(empty without any), and the `mean` with the typical value in the place of unknown ones, as a model sees it."""


def sample(frame: DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """At most about 20,000 rows, those of some customers whole."""
    parts = -(-frame.count() // SAMPLE)
    rows = frame.where(F.pmod(F.xxhash64(USER_ID), F.lit(parts)) == 0) if parts > 1 else frame
    return rows.select(*columns).toPandas()


def portrait(drawn: pd.DataFrame, features: Sequence[str]) -> Portrait:
    """Describe each feature of a sample."""
    found: Portrait = {}
    for name in features:
        values = drawn[name].to_numpy(np.float64)
        known = values[~np.isnan(values)]
        edges = bin_edges(np.quantile(known, _DECILES).tolist() if len(known) else [])
        found[name] = {
            "edges": [float(edge) for edge in edges],
            "shares": [float(share) for share in bin_shares(values, edges)],
            "rows": len(values),
            "typical": float(np.median(known)) if len(known) else None,
            "quantiles": [float(value) for value in np.quantile(known, GRID)] if len(known) else [],
            "mean": float(np.nan_to_num(values, nan=np.median(known)).mean()) if len(known) else 0.0,
        }
    return found


def stability(then: Mapping[str, Mapping[str, Any]], now: pd.DataFrame) -> dict[str, float]:
    """Population stability index of each feature of a portrait against a sample of now; the greatest first."""
    found = {
        name: psi(
            described["shares"],
            bin_shares(now[name].to_numpy(np.float64), np.array(described["edges"])),
            # portraits of earlier releases do not say of how many examples they are
            described.get("rows", SAMPLE),
            len(now),
        )
        for name, described in then.items()
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def above(indices: Mapping[str, float], limit: float) -> dict[str, float]:
    """Return the stability indices above a limit, rounded, in their order."""
    return {name: round(index, 3) for name, index in indices.items() if index > limit}


def largest(indices: Mapping[str, float]) -> float | None:
    """Return the largest stability index, rounded; None where no feature can be compared."""
    return round(max(indices.values()), 3) if indices else None


def single_aucs(drawn: pd.DataFrame, features: Sequence[str]) -> dict[str, float]:
    """How well each feature alone ranks who leaves, in either direction: ROC AUC from 0.5; the greatest first.

    A missing value counts as a value of its own below all others.
    """
    labels = drawn[LABEL].to_numpy(np.int64)
    if len(np.unique(labels)) < 2:
        return {}
    once = np.ones(len(labels), np.int64)
    found = {}
    for name in features:
        values = drawn[name].to_numpy(np.float64)
        least = np.nanmin(values) if not np.isnan(values).all() else 0.0
        outcomes = ranked(np.where(np.isnan(values), least - 1.0, values), labels)(once)
        auc = roc_auc(outcomes.leavers, outcomes.stayers)
        found[name] = max(auc, 1 - auc)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class FeatureReference:
    """One feature in the training examples: its quantiles at `portrait.GRID`, its median and its mean.

    Without any known value the quantiles are empty and `typical` is None.
    """

    quantiles: tuple[float, ...]
    typical: float | None
    mean: float

    @property
    def low(self) -> float:
        """The 0.1 percentile, where the trained range begins."""
        return self.quantiles[0] if self.quantiles else -np.inf

    @property
    def high(self) -> float:
        """The 99.9 percentile, where the trained range ends."""
        return self.quantiles[-1] if self.quantiles else np.inf

    def percentile(self, value: float) -> int | None:
        """Of 100 training examples, how many lie below the value; those that share it count half."""
        if not self.quantiles:
            return None
        below, upto = bisect_left(self.quantiles, value), bisect_right(self.quantiles, value)
        return min((below + upto) // 2, 100)


def references_of(version: str, card: Mapping[str, Any]) -> tuple[FeatureReference, ...]:
    """The features of a model in its order.

    Raises:
        MissingTableError: the card is of an Encore that kept no portrait with ranges.
    """
    if not has_ranges(card):
        raise MissingTableError(
            f"The card of model {version} does not say how far its training reached: an earlier Encore wrote it. "
            "Materialize trained_model for a new one."
        )
    described = (card["portrait"][name] for name in card["features"])
    return tuple(FeatureReference(tuple(each["quantiles"]), each["typical"], each["mean"]) for each in described)


def has_ranges(card: Mapping[str, Any]) -> bool:
    """Whether a card says of each feature how far its training reached; those of the first releases do not."""
    portrait = card.get("portrait", {})
    return all("quantiles" in portrait.get(name, {}) for name in card["features"])


def means_of(references: Sequence[FeatureReference]) -> Floats:
    """Means, shape (features,)."""
    return np.array([each.mean for each in references])
