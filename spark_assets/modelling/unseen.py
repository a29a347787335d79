"""Margins of a candidate on examples that the models behind them had not seen: what its calibration is fitted on.

Dealt by listeners: each model learns from all groups but one, hence from nearly as many examples as the model that the
calibration is for. A fold forward in time learns from the first cut-offs alone; a forest fitted on so few hardly leaves
the usual rate, and the slope that mends this sends the forest fitted on everything far beyond what comes true.
"""

from dataclasses import dataclass
from functools import reduce
from multiprocessing.pool import ThreadPool

from pyspark.sql import DataFrame

from spark_assets.columns import LABEL
from spark_assets.modelling.examples import Examples
from spark_assets.modelling.pipeline import MARGIN, Fitted, margin_of
from spark_assets.modelling.search import AT_ONCE, PreparedFold, Search, prepare
from spark_assets.modelling.splits import Fold, Plan


@dataclass(frozen=True)
class Unseen:
    """`margin` and `label` of every example of the fitting side, and the folds in memory behind them."""

    margins: DataFrame
    folds: list[PreparedFold]

    def free(self) -> None:
        """Let go of the memory."""
        for fold in self.folds:
            fold.free()


def unseen(examples: Examples, planned: Plan, features: list[str], found: Search) -> Unseen:
    """Fit the chosen candidate on the calibrating folds; where the search did so already, nothing is fitted again."""
    prepared, fitted = found.folds, found.chosen.fitted
    if planned.folds != planned.calibrate:

        def fit(fold: Fold) -> tuple[PreparedFold, Fitted]:
            ready = prepare(examples, fold, features)
            return ready, found.chosen.candidate.fit(ready.fit)

        with ThreadPool(AT_ONCE) as pool:
            made = pool.map(fit, planned.calibrate, chunksize=1)
        prepared, fitted = [ready for ready, _ in made], [model for _, model in made]
    margins = [
        margin_of(model).transform(model.transform(fold.validate)).select(MARGIN, LABEL)
        for model, fold in zip(fitted, prepared, strict=True)
    ]
    return Unseen(reduce(DataFrame.union, margins), prepared)
