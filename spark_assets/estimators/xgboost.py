"""XGBoost on Spark, whose margin is its log-odds, explained by its own TreeSHAP."""

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from pyspark.sql import DataFrame
from xgboost import Booster, DMatrix
from xgboost.spark import SparkXGBClassifier, SparkXGBClassifierModel

from spark_assets.estimators.base import FEATURES, Candidate, Estimator, Fitted, raw_margin
from spark_assets.estimators.trees import Floats
from spark_assets.lake.schema import LABEL

_NAME = "XGBoost"

_ROWS_A_WORKER = 500_000
"""Up to here one worker sees all examples, so that the model does not depend on the cluster."""

logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)  # it tells every fit's parameters

MANY_LEAVERS = 1_000
"""From 4,192 of them 400 trees ranked better than 150: ROC AUC 0.751 and 0.743. Few do not earn the longest fit."""


ROUNDING = 1e-4
"""XGBoost adds up in 32 bits: contributions may be off from its margin by at most this. More is a fault."""


@dataclass(frozen=True)
class BoosterSum:
    """A booster by the contributions that it computes itself, path-dependent and in 32 bits (`pred_contribs`)."""

    document: bytes
    """The saved booster, which is small and travels to the tasks."""

    @property
    def base(self) -> float:  # noqa: D102 - see Additive
        return float(self._contributions(np.zeros((1, self._booster.num_features())))[0, -1])

    def split(self, vectors: Floats, margins: Floats) -> Floats:
        """Contributions, with the rounding dealt out to the features by size: they add up to what the booster gave."""
        found = self._contributions(vectors)
        shares = found[:, :-1]
        sizes = np.abs(shares)
        total = sizes.sum(axis=1)
        missing = margins - found.sum(axis=1)
        rounding = np.where((np.abs(missing) <= ROUNDING) & (total > 0), missing, 0.0)
        dealt: Floats = sizes * (rounding / np.where(total > 0, total, 1.0))[:, None]
        return shares + dealt

    def _contributions(self, vectors: Floats) -> Floats:
        """Shape (rows, features and one): the last column is the margin when no feature is known."""
        rows = DMatrix(vectors, nthread=1)
        return self._booster.predict(rows, pred_contribs=True).astype(np.float64)

    @cached_property
    def _booster(self) -> Booster:
        # a task has one core
        return Booster({"nthread": 1}, model_file=bytearray(self.document))


def extreme_gradient_boosted(trees: int, seed: int) -> Candidate:
    """XGBoost on Spark."""
    settings: dict[str, Any] = {"max_depth": 3, "n_estimators": trees, "learning_rate": 0.03, "min_child_weight": 10}

    def fit(examples: DataFrame) -> Fitted:
        workers = min(max(examples.count() // _ROWS_A_WORKER, 1), examples.sparkSession.sparkContext.defaultParallelism)
        estimator = SparkXGBClassifier(
            features_col=FEATURES, label_col=LABEL, num_workers=workers, random_state=seed, subsample=0.8,
            colsample_bytree=0.3, reg_lambda=5.0, verbosity=0, verbose=False, **settings,
        )  # fmt: skip
        return cast(Fitted, estimator.fit(examples))

    return Candidate(_NAME, settings, fit, SparkXGBClassifierModel)


def _candidates(seed: int, leavers: int) -> list[Candidate]:
    rounds = (150, 400) if leavers >= MANY_LEAVERS else (150,)
    return [extreme_gradient_boosted(trees, seed) for trees in rounds]


def _additive(fitted: SparkXGBClassifierModel, uri: str, means: Floats) -> BoosterSum:
    return BoosterSum(bytes(fitted.get_booster().save_raw("ubj")))


XGBOOST = Estimator(_NAME, SparkXGBClassifierModel, _candidates, raw_margin, _additive, packages=("xgboost-cpu",))
