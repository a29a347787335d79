"""The candidates: whole pipelines from features to a probability, so that scoring applies what training fitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.base import Estimator, Transformer
from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.param import Param
from pyspark.ml.tuning import ParamGridBuilder

from spark_assets.columns import LABEL

VECTOR = "features"
Stage = Estimator[Any] | Transformer
Grid = dict[Param[Any], list[float]]
_FILLED = "_filled"
_REGULARISATIONS = [0.01, 0.1]
_DEPTHS: list[float] = [4, 7]
_TREES: list[float] = [60]


@dataclass(frozen=True)
class Candidate:
    """One point of the search: the estimator's name, its parameters in words, and Spark's parameter map."""

    name: str
    settings: dict[str, float]
    params: dict[Param[Any], Any]


def candidates(pipeline: Pipeline, features: Sequence[str], seed: int) -> list[Candidate]:
    """Every estimator with every point of its grid, as parameter maps of one `pipeline` searched at once."""
    logistic = LogisticRegression(featuresCol=VECTOR, labelCol=LABEL, maxIter=100)
    forest = RandomForestClassifier(featuresCol=VECTOR, labelCol=LABEL, seed=seed, minInstancesPerNode=10)
    grids: list[tuple[str, Stage, Grid]] = [
        ("LogisticRegression", logistic, {logistic.regParam: _REGULARISATIONS}),
        ("RandomForest", forest, {forest.maxDepth: _DEPTHS, forest.numTrees: _TREES}),
    ]
    bases = [(name, {pipeline.stages: [*_preparation(features), estimator]}, grid) for name, estimator, grid in grids]
    return [point for name, base, grid in bases for point in _points(name, base, grid)]


def _points(name: str, base: dict[Param[Any], list[Stage]], grid: Grid) -> list[Candidate]:
    builder = ParamGridBuilder().baseOn(base)
    for param, values in grid.items():
        builder = builder.addGrid(param, values)
    return [Candidate(name, {param.name: float(chosen[param]) for param in grid}, chosen) for chosen in builder.build()]


def _preparation(features: Sequence[str]) -> list[Stage]:
    """Fill gaps with the mean of the training examples, then put the features into one vector."""
    filled = [name + _FILLED for name in features]
    return [
        Imputer(inputCols=list(features), outputCols=filled, strategy="mean"),
        VectorAssembler(inputCols=filled, outputCol=VECTOR),
    ]
