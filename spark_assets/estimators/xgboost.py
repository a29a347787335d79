"""XGBoost on Spark, whose margin is its log-odds."""

import logging
from typing import Any, cast

from pyspark.sql import DataFrame
from xgboost.spark import SparkXGBClassifier, SparkXGBClassifierModel

from spark_assets.estimators.base import FEATURES, Candidate, Estimator, Fitted, raw_margin
from spark_assets.estimators.trees import Floats, Trees, xgboost_trees
from spark_assets.lake.schema import LABEL

_NAME = "XGBoost"

_ROWS_A_WORKER = 500_000
"""Up to here one worker sees all examples, so that the model does not depend on the cluster."""

logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)  # it tells every fit's parameters

MANY_LEAVERS = 1_000
"""From 4,192 of them 400 trees ranked better than 150: ROC AUC 0.751 and 0.743. Few do not earn the longest fit."""


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


def _additive(fitted: SparkXGBClassifierModel, uri: str, means: Floats) -> Trees:
    trees, offset = xgboost_trees(fitted.get_booster())
    return Trees(trees, offset, single=True)


XGBOOST = Estimator(
    _NAME, SparkXGBClassifierModel, _candidates, raw_margin, _additive, packages=("xgboost-cpu", "shap")
)
