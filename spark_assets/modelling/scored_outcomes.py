"""Scores beside what came of them, counted by score: small enough for the driver, whatever the number of customers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.lake.schema import LABEL

MOST_EXACT = 200_000
"""Distinct scores up to which each counts as it is; of more, scores are rounded to `DIGITS` before they are counted."""

DIGITS = 5

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Outcomes:
    """Distinct scores, the highest first, and how many with each left or stayed. Shapes: (scores,)."""

    scores: Floats
    leavers: Counts
    stayers: Counts

    @property
    def examples(self) -> int:
        """Rows counted."""
        return int(self.leavers.sum() + self.stayers.sum())

    @property
    def base_rate(self) -> float:
        """Share that left; 0 without rows."""
        return float(self.leavers.sum() / max(self.examples, 1))


def outcomes_of(scored: DataFrame, score: str) -> Outcomes:
    """Count a frame with `label` by a column of scores in [0, 1]; the driver holds at most 200,000 rows of it."""
    # kept: what the frame computes are estimates of a model, and whether they are few shows only by looking at them
    rows = scored.select(F.col(score).alias("score"), LABEL).cache()
    try:
        # few rows are counted here, without the two stages that counting takes in Spark
        few = rows.limit(MOST_EXACT + 1).toPandas()
        if len(few) <= MOST_EXACT:
            labels = few[LABEL].to_numpy(np.int64)
            return ranked(few["score"].to_numpy(np.float64), labels)(np.ones_like(labels))
        counted = _counted(rows)
        if len(counted) > MOST_EXACT:
            counted = _counted(rows.withColumn("score", F.round("score", DIGITS)))
    finally:
        rows.unpersist()
    counted = counted.sort_values("score", ascending=False)
    leavers = counted["leavers"].to_numpy(np.int64)
    return Outcomes(counted["score"].to_numpy(np.float64), leavers, counted["examples"].to_numpy(np.int64) - leavers)


def _counted(rows: DataFrame) -> pd.DataFrame:
    by_score = rows.groupBy("score").agg(F.sum(LABEL).cast("long").alias("leavers"), F.count("*").alias("examples"))
    return by_score.limit(MOST_EXACT + 1).toPandas()


def together(first: Outcomes, second: Outcomes) -> Outcomes:
    """Both, as one."""
    scores = np.concatenate([first.scores, second.scores])
    order = np.argsort(-scores, kind="stable")
    return Outcomes(
        scores[order],
        np.concatenate([first.leavers, second.leavers])[order],
        np.concatenate([first.stayers, second.stayers])[order],
    )


def ranked(scores: Floats, labels: Counts) -> Callable[[Counts], Outcomes]:
    """Sort rows by score once; the function returned counts them, each as often as its weight says."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores, left = scores[order], labels[order]
    starts = np.flatnonzero(np.diff(sorted_scores, prepend=np.inf) != 0)

    def weighted(weights: Counts) -> Outcomes:
        placed = weights[order]
        leavers = np.add.reduceat(placed * left, starts)
        return Outcomes(sorted_scores[starts], leavers, np.add.reduceat(placed, starts) - leavers)

    return weighted
