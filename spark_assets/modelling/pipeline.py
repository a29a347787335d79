"""The layout of a saved version, one for every estimator: prepare, estimate, slice off the additive margin, calibrate.

| stage | columns it adds |
|---|---|
| Imputer, VectorAssembler | `features`: one slot for each model feature, in the order of the card's `features` |
| one fitted estimator | its own `rawPrediction` and `probability` |
| VectorSlicer | `margin`: a vector of one slot, the estimator's own additive output |
| LogisticRegressionModel | `calibrated`: the published probability; its log-odds are `a * margin + b`, `a` above 0 |

`margin` is what a linear model or TreeSHAP splits into exact sums: log-odds of the logistic regression and of XGBoost,
the weighted sum of trees of a GBT (Spark's probability doubles it), the mean leaf probability of a forest.
"""

from collections.abc import Sequence
from typing import cast

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.base import Transformer
from pyspark.ml.classification import (
    GBTClassificationModel,
    LogisticRegression,
    LogisticRegressionModel,
    RandomForestClassificationModel,
)
from pyspark.ml.feature import Imputer, VectorAssembler, VectorSlicer
from pyspark.ml.linalg import DenseMatrix
from xgboost.spark import SparkXGBClassifierModel

from spark_assets.columns import LABEL

FEATURES = "features"
MARGIN = "margin"
CALIBRATED = "calibrated"
LEAST_SLOPE = 1e-3
"""Of the calibration: a model without skill out of fold is flattened, never turned upside down."""

Fitted = LogisticRegressionModel | RandomForestClassificationModel | GBTClassificationModel | SparkXGBClassifierModel

_FILLED = "_filled"
_LEAVES = 1
"""Index of the class that leaves, in vectors by class."""


def preparation(features: Sequence[str]) -> Pipeline:
    """Fill gaps with the median of the training examples, then put the features into one vector."""
    filled = [name + _FILLED for name in features]
    return Pipeline(
        stages=[
            Imputer(inputCols=list(features), outputCols=filled, strategy="median"),
            VectorAssembler(inputCols=filled, outputCol=FEATURES),
        ]
    )


def calibration() -> LogisticRegression:
    """Platt's: fitted on a frame with `margin` and `label` that the estimator behind the margin has not seen."""
    return LogisticRegression(
        featuresCol=MARGIN,
        labelCol=LABEL,
        probabilityCol=CALIBRATED,
        rawPredictionCol="calibrated_log_odds",
        predictionCol="calibrated_prediction",
        lowerBoundsOnCoefficients=DenseMatrix(1, 1, [LEAST_SLOPE]),
    )


def margin_of(fitted: Fitted) -> VectorSlicer:
    """The stage that takes the additive margin out of what the estimator gives."""
    forest = isinstance(fitted, RandomForestClassificationModel)
    return VectorSlicer(inputCol="probability" if forest else "rawPrediction", outputCol=MARGIN, indices=[_LEAVES])


def assemble(prepared: PipelineModel, fitted: Fitted, calibrator: LogisticRegressionModel) -> PipelineModel:
    """Put fitted parts together to one version."""
    stages: list[Transformer] = [*prepared.stages, fitted, margin_of(fitted), calibrator]
    return PipelineModel(stages)


def estimator_of(model: PipelineModel) -> Fitted:
    """The fitted estimator of a version."""
    return cast(Fitted, model.stages[-3])


def calibration_of(model: PipelineModel) -> tuple[float, float]:
    """`(a, b)` of a version: calibrated log-odds are `a * margin + b`."""
    calibrator = cast(LogisticRegressionModel, model.stages[-1])
    return float(calibrator.coefficients.toArray()[0]), float(calibrator.intercept)
