"""The candidates: estimators with points of their grids, the simplest first. Few and regularised: leavers are few."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from pyspark.ml.classification import (
    GBTClassificationModel,
    GBTClassifier,
    LogisticRegression,
    LogisticRegressionModel,
    RandomForestClassificationModel,
    RandomForestClassifier,
)
from pyspark.sql import DataFrame
from xgboost.spark import SparkXGBClassifier, SparkXGBClassifierModel

from spark_assets.columns import LABEL
from spark_assets.modelling.log_odds import LEAF
from spark_assets.modelling.pipeline import FEATURES, Fitted

_ROWS_A_WORKER = 500_000
"""Of XGBoost; up to here one worker sees all examples, so that the model does not depend on the cluster."""

logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)  # it tells every fit's parameters

MANY_LEAVERS = 1_000
"""From 4,192 of them 400 trees ranked better than 150: ROC AUC 0.751 and 0.743. Few do not earn the longest fit."""

Settings = dict[str, float]


@dataclass(frozen=True)
class Candidate:
    """One point of the search: the estimator's name, its parameters in words, and how it is fitted."""

    name: str
    settings: Settings
    fit: Callable[[DataFrame], Fitted]
    """From a frame of `features` and `label` to the fitted estimator."""
    fitted_class: type[Fitted]
    """Class of the fitted estimator, which the explainer must know: asked before anything is fitted."""


def candidates(seed: int, leavers: int) -> list[Candidate]:
    """Every estimator with every point of its grid, the simplest first: the order decides between equals.

    Args:
        seed: of all that is drawn.
        leavers: to learn from; only many can teach the longest row of trees, which takes longest to fit.
    """
    rounds = (150, 400) if leavers >= MANY_LEAVERS else (150,)
    return [
        *(logistic(strength) for strength in (0.3, 0.05)),
        *(forest(depth, seed) for depth in (5, 8)),
        gradient_boosted(seed),
        *(extreme_gradient_boosted(trees, seed) for trees in rounds),
    ]


def logistic(strength: float) -> Candidate:
    """Logistic regression with an L2 penalty on standardised features."""
    estimator = LogisticRegression(featuresCol=FEATURES, labelCol=LABEL, regParam=strength, maxIter=50, tol=1e-4)
    return Candidate("LogisticRegression", {"regParam": strength}, estimator.fit, LogisticRegressionModel)


def forest(depth: int, seed: int) -> Candidate:
    """Random forest; the mean of its leaf probabilities is additive."""
    estimator = RandomForestClassifier(
        featuresCol=FEATURES, labelCol=LABEL, seed=seed, maxDepth=depth, numTrees=60, minInstancesPerNode=LEAF
    )
    settings: Settings = {"maxDepth": depth, "numTrees": 60, "minInstancesPerNode": LEAF}
    return Candidate("RandomForest", settings, estimator.fit, RandomForestClassificationModel)


def gradient_boosted(seed: int) -> Candidate:
    """Spark's gradient-boosted trees."""
    estimator = GBTClassifier(
        featuresCol=FEATURES, labelCol=LABEL, seed=seed, maxDepth=3, maxIter=12, stepSize=0.2, subsamplingRate=0.7,
        featureSubsetStrategy="onethird", minInstancesPerNode=20, maxBins=32,
    )  # fmt: skip
    settings: Settings = {"maxDepth": 3, "maxIter": 12, "stepSize": 0.2}
    return Candidate("GBT", settings, estimator.fit, GBTClassificationModel)


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

    return Candidate("XGBoost", settings, fit, SparkXGBClassifierModel)
