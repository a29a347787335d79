"""Split the log-odds of every customer into exact contributions of the features.

Trees by TreeSHAP, path-dependent (Lundberg et al., From local explanations to global understanding with explainable
AI for trees, Nature Machine Intelligence 2, 2020); a linear model by coefficient times distance from the mean, which is
what SHAP comes to there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from pyspark.ml import PipelineModel
from pyspark.ml.classification import (
    GBTClassificationModel,
    LogisticRegressionModel,
    RandomForestClassificationModel,
)
from xgboost.spark import SparkXGBClassifierModel

from spark_assets import storage
from spark_assets.errors import EncoreError
from spark_assets.modelling.grid import Candidate
from spark_assets.modelling.log_odds import BoundedLogOdds, log_odds, stretch
from spark_assets.modelling.pipeline import Fitted, calibration_of, estimator_of, margin_stage_of
from spark_assets.modelling.trees import Floats, Tree, boosted_trees, forest_trees, xgboost_trees

_KNOWN = (
    LogisticRegressionModel, RandomForestClassificationModel, GBTClassificationModel, SparkXGBClassifierModel
)  # fmt: skip
"""Fitted estimators that `_additive` splits."""

ROUNDING = 1e-4
"""XGBoost adds its trees up in 32 bits: its margin may be off from their exact sum by at most this. More is a fault."""


class UnexplainedEstimatorError(EncoreError):
    """An estimator whose margin nobody here can split into contributions."""


class Additive(Protocol):
    """A fitted estimator as a sum: `base` plus a contribution of each feature gives its margin."""

    @property
    def base(self) -> float:
        """The margin when no feature is known."""

    def split(self, vectors: Floats, margins: Floats) -> Floats:
        """Contributions, shape (rows, features), of `vectors` of that shape; `margins` are what the estimator gave."""


@dataclass(frozen=True)
class Linear:
    """A linear model; `means` of the training examples are where contributions begin."""

    weights: Floats
    intercept: float
    means: Floats

    @property
    def base(self) -> float:  # noqa: D102 - see Additive
        return self.intercept + float(self.means @ self.weights)

    def split(self, vectors: Floats, margins: Floats) -> Floats:  # noqa: D102
        return (vectors - self.means) * self.weights


@dataclass(frozen=True)
class Trees:
    """An ensemble of trees that starts from `offset`; `single` when it computes in 32 bits, as XGBoost does."""

    trees: tuple[Tree, ...]
    offset: float = 0.0
    single: bool = False

    @cached_property
    def base(self) -> float:  # noqa: D102
        return self.offset + sum(tree.expectation() for tree in self.trees)

    def split(self, vectors: Floats, margins: Floats) -> Floats:  # noqa: D102
        inputs = vectors.astype(np.float32).astype(np.float64) if self.single else vectors
        shares: Floats = self._explainer.shap_values(inputs, check_additivity=False)
        return self._rounded_alike(shares, margins) if self.single else shares

    @cached_property
    def _explainer(self) -> Any:  # noqa: ANN401 - shap has no types
        # imported where trees are explained: it takes seconds, which no other process should spend
        import shap

        return shap.TreeExplainer({"trees": [_as_shap(tree) for tree in self.trees]})

    def _rounded_alike(self, shares: Floats, margins: Floats) -> Floats:
        """Deal the estimator's own rounding out to the features by size, so that they add up to what it gave."""
        sizes = np.abs(shares)
        total = sizes.sum(axis=1)
        missing = margins - self.base - shares.sum(axis=1)
        rounding = np.where((np.abs(missing) <= ROUNDING) & (total > 0), missing, 0.0)
        dealt: Floats = sizes * (rounding / np.where(total > 0, total, 1.0))[:, None]
        return shares + dealt


@dataclass(frozen=True)
class Forest:
    """A forest, whose trees add up to a probability, in its bounded log-odds.

    Contributions to the probability are stretched alike, customer by customer, until they add up to the log-odds: the
    rescale rule for a function of one number after a model (Chen, Lundberg and Lee, Explaining a series of models by
    propagating Shapley values, Nature Communications 13, 2022). Their order, signs and proportions stay.
    """

    trees: Trees

    @property
    def base(self) -> float:  # noqa: D102 - see Additive
        return float(log_odds(np.array(self.trees.base)))

    def split(self, vectors: Floats, margins: Floats) -> Floats:  # noqa: D102
        shares = self.trees.split(vectors, margins)
        stretched: Floats = shares * stretch(self.trees.base, shares.sum(axis=1))[:, None]
        return stretched


@dataclass(frozen=True)
class Explainer:
    """Contributions to the calibrated log-odds: those to the margin, times the calibration's slope."""

    additive: Additive
    slope: float
    intercept: float

    @property
    def base(self) -> float:
        """Calibrated log-odds when no feature is known."""
        return self.slope * self.additive.base + self.intercept

    def contributions(self, vectors: Floats, margins: Floats) -> Floats:
        """Shape (rows, features): with `base` they add up to the calibrated log-odds of each row."""
        return self.slope * self.additive.split(vectors, margins)


def require_explained(candidates: Iterable[Candidate]) -> None:
    """Refuse candidates that could not be explained once they score.

    Raises:
        UnexplainedEstimatorError: names the candidate, and the classes that are known.
    """
    for candidate in candidates:
        if not issubclass(candidate.fitted_class, _KNOWN):
            raise UnexplainedEstimatorError(
                f"Candidate {candidate.name} gives a {candidate.fitted_class.__name__}, whose scores cannot be "
                f"explained: only {', '.join(known.__name__ for known in _KNOWN)} can. Teach "
                "spark_assets/modelling/explain.py how its margin is a sum, or leave it out of the grid."
            )


def explainer_of(model: PipelineModel, uri: str, means: Floats) -> Explainer:
    """The explainer of a version.

    Args:
        model: the version, as loaded.
        uri: where it is saved.
        means: of the training examples by feature, where a linear model's contributions begin.
    """
    slope, intercept = calibration_of(model)
    additive = _additive(estimator_of(model), uri, means)
    if isinstance(additive, Trees) and isinstance(margin_stage_of(model), BoundedLogOdds):
        additive = Forest(additive)
    return Explainer(additive, slope, intercept)


def _additive(fitted: Fitted, uri: str, means: Floats) -> Additive:
    if isinstance(fitted, LogisticRegressionModel):
        return Linear(fitted.coefficients.toArray(), float(fitted.intercept), means)
    if isinstance(fitted, RandomForestClassificationModel):
        return Trees(forest_trees(_stage(uri, fitted.uid)))
    if isinstance(fitted, GBTClassificationModel):
        return Trees(boosted_trees(_stage(uri, fitted.uid), fitted.treeWeights))
    if isinstance(fitted, SparkXGBClassifierModel):
        trees, offset = xgboost_trees(fitted.get_booster())
        return Trees(trees, offset, single=True)
    raise UnexplainedEstimatorError(
        f"The saved model is a {type(fitted).__name__}, whose scores cannot be explained: launch the job promote_model "
        "with another version, or materialize trained_model with retrain_every_days 0 for a new one."
    )


def _stage(uri: str, uid: str) -> str:
    """Folder of a stage: Spark names it by place and uid."""
    stages = storage.join(uri, "stages")
    folders = {name.split("/", 1)[0] for name, _ in storage.list_files(stages)}
    return storage.join(stages, next(folder for folder in folders if folder.endswith(f"_{uid}")))


def _as_shap(tree: Tree) -> dict[str, Any]:
    return {
        "children_left": tree.left,
        "children_right": tree.right,
        "children_default": tree.left,  # nothing is missing: the preparation has filled every gap
        "features": tree.features,
        "thresholds": tree.thresholds,
        "values": tree.values[:, None].copy(),
        "node_sample_weight": tree.weights,
    }
