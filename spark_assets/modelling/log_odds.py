"""A forest's mean leaf probability as log-odds that have an end.

A calibration is a line over log-odds. Over the probability itself the line is right near the usual rate alone and grows
without bound beyond it; over plain log-odds it has no hold where every leaf is pure. So each leaf is taken as if half
a customer more had left and half a customer more had stayed in it, as in a leaf of the least size that is grown
(Krichevsky and Trofimov, IEEE Transactions on Information Theory 27, 1981).
"""

from typing import TypeVar

import numpy as np
from pyspark.ml.base import Transformer
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.modelling.trees import Floats

LEAF = 20
"""Customers in the smallest leaf of a forest that is grown."""

_NOWHERE = 1e-9
"""Of a probability: nearer, a difference over a difference tells rounding."""

PROBABILITY, MARGIN = "probability", "margin"

_Probability = TypeVar("_Probability", Column, Floats)


class BoundedLogOdds(Transformer, DefaultParamsReadable["BoundedLogOdds"], DefaultParamsWritable):
    """The stage that adds `margin`, a vector of one slot, to a frame with `probability` by class."""

    def _transform(self, dataset: DataFrame) -> DataFrame:
        leaves = vector_to_array(F.col(PROBABILITY))[1]
        return dataset.withColumn(MARGIN, array_to_vector(F.array(F.log(_odds(leaves)))))


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
