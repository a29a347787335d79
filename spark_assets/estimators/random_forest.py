"""Random forest, its mean leaf probability as log-odds that have an end.

A calibration is a line over log-odds. Over the probability itself the line is right near the usual rate alone and grows
without bound beyond it; over plain log-odds it has no hold where every leaf is pure. So each leaf is taken as if half
a customer more had left and half a customer more had stayed in it, as in a leaf of the least size that is grown
(Krichevsky and Trofimov, IEEE Transactions on Information Theory 27, 1981).
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from pyspark.ml.base import Transformer
from pyspark.ml.classification import RandomForestClassificationModel, RandomForestClassifier
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import (
    FEATURES,
    MARGIN,
    PROBABILITY,
    Additive,
    Candidate,
    Estimator,
    Settings,
    stage_folder,
    stage_names,
)
from spark_assets.estimators.tree_shap import Trees
from spark_assets.estimators.trees import Floats, forest_trees
from spark_assets.lake.schema import LABEL

_NAME = "RandomForest"

LEAF = 20
"""Customers in the smallest leaf of a forest that is grown."""

_NOWHERE = 1e-9
"""Of a probability: nearer, a difference over a difference tells rounding."""

_Probability = TypeVar("_Probability", Column, Floats)


class BoundedLogOdds(Transformer, DefaultParamsReadable["BoundedLogOdds"], DefaultParamsWritable):
    """The stage that adds `margin`, a vector of one slot, to a frame with `probability` by class."""

    def _transform(self, dataset: DataFrame) -> DataFrame:
        leaves = vector_to_array(F.col(PROBABILITY))[1]
        return dataset.withColumn(MARGIN, array_to_vector(F.array(F.log(_odds(leaves)))))


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


def log_odds(probabilities: Floats) -> Floats:
    """The same of an array."""
    odds: Floats = np.log(_odds(probabilities))
    return odds


def stretch(base: float, moved: Floats) -> Floats:
    """Log-odds for each unit of probability on the way from `base` by `moved`: their slope where nothing moved."""
    rise = log_odds(base + moved) - log_odds(np.array(base))
    slope = LEAF / (base * LEAF + 0.5) + LEAF / (LEAF + 0.5 - base * LEAF)
    far = np.abs(moved) > _NOWHERE
    return np.divide(rise, moved, out=np.full_like(rise, slope), where=far)


def _odds(probability: _Probability) -> _Probability:
    return (probability * LEAF + 0.5) / (LEAF + 0.5 - probability * LEAF)


def forest(depth: int, seed: int) -> Candidate:
    """Random forest; the mean of its leaf probabilities is additive."""
    estimator = RandomForestClassifier(
        featuresCol=FEATURES, labelCol=LABEL, seed=seed, maxDepth=depth, numTrees=60, minInstancesPerNode=LEAF
    )
    settings: Settings = {"maxDepth": depth, "numTrees": 60, "minInstancesPerNode": LEAF}
    return Candidate(_NAME, settings, estimator.fit, RandomForestClassificationModel)


def _candidates(seed: int, leavers: int) -> list[Candidate]:
    return [forest(depth, seed) for depth in (5, 8)]


def _additive(fitted: RandomForestClassificationModel, uri: str, means: Floats) -> Additive:
    trees = Trees(forest_trees(stage_folder(uri, fitted.uid)))
    # versions of earlier releases sliced off the probability itself
    bounded = any(f"_{BoundedLogOdds.__name__}_" in name for name in stage_names(uri))
    return Forest(trees) if bounded else trees


RANDOM_FOREST = Estimator(_NAME, RandomForestClassificationModel, _candidates, BoundedLogOdds, _additive)
