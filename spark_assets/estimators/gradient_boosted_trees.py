"""Spark's gradient-boosted trees, whose margin is their weighted sum (Spark's probability doubles it)."""

from pyspark.ml.classification import GBTClassificationModel, GBTClassifier

from spark_assets.estimators.base import FEATURES, Candidate, Estimator, Settings, raw_margin, stage_folder
from spark_assets.estimators.trees import Floats, Trees, boosted_trees
from spark_assets.lake.schema import LABEL

_NAME = "GBT"


def gradient_boosted(seed: int) -> Candidate:
    """Spark's gradient-boosted trees."""
    estimator = GBTClassifier(
        featuresCol=FEATURES, labelCol=LABEL, seed=seed, maxDepth=3, maxIter=12, stepSize=0.2, subsamplingRate=0.7,
        featureSubsetStrategy="onethird", minInstancesPerNode=20, maxBins=32,
    )  # fmt: skip
    settings: Settings = {"maxDepth": 3, "maxIter": 12, "stepSize": 0.2}
    return Candidate(_NAME, settings, estimator.fit, GBTClassificationModel)


def _candidates(seed: int, leavers: int) -> list[Candidate]:
    return [gradient_boosted(seed)]


def _additive(fitted: GBTClassificationModel, uri: str, means: Floats) -> Trees:
    return Trees(boosted_trees(stage_folder(uri, fitted.uid), fitted.treeWeights))


GRADIENT_BOOSTED_TREES = Estimator(
    _NAME, GBTClassificationModel, _candidates, raw_margin, _additive, packages=("shap",)
)
