"""The layout of a saved version, one for every estimator: prepare, estimate, slice off the additive margin, calibrate.

| stage | columns it adds |
|---|---|
| Imputer, VectorAssembler | `features`: one slot for each model feature, in the order of the card's `features` |
| one fitted estimator | its own `rawPrediction` and `probability` |
| the estimator's margin stage | `margin`: a vector of one slot, what the calibration stretches |
| LogisticRegressionModel | `calibrated`: the published probability; its log-odds are `a * margin + b`, `a` above 0 |

`margin` is what a linear model or TreeSHAP splits into exact sums: log-odds of the logistic regression and of XGBoost;
of a forest, whose trees add up to a probability, the bounded log-odds of that.
"""

from collections.abc import Sequence
from typing import cast

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.base import Transformer
from pyspark.ml.classification import LogisticRegression, LogisticRegressionModel
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.linalg import DenseMatrix
from pyspark.sql import DataFrame

from spark_assets.estimators import estimator_for
from spark_assets.estimators.base import FEATURES, MARGIN, Fitted
from spark_assets.lake.schema import CUT_OFF, LABEL

CALIBRATED = "calibrated"
LEAST_SLOPE = 1e-3
"""Of the calibration: a model without skill out of fold is flattened, never turned upside down."""

_FILLED = "_filled"


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


def at_level(calibrator: LogisticRegressionModel, recent: DataFrame) -> LogisticRegressionModel:
    """The same slope with the intercept at which probabilities agree with `recent` on average.

    Known as recalibration in the large, or updating of the intercept (Steyerberg et al., Statistics in Medicine 23,
    2004). `recent` is a frame as for `calibration`, with leavers and stayers.
    """
    slope = DenseMatrix(1, 1, [float(calibrator.coefficients.toArray()[0])])
    moved = calibration().setLowerBoundsOnCoefficients(slope).setUpperBoundsOnCoefficients(slope)
    return cast(LogisticRegressionModel, moved.fit(recent))


def margin_of(fitted: Fitted) -> Transformer:
    """The stage that takes the margin out of what the estimator gives."""
    return estimator_for(fitted).margin_stage()


def margins_by(fitted: Fitted, vectors: DataFrame) -> DataFrame:
    """`margin`, `label` and `cut_off` of prepared examples."""
    return margin_of(fitted).transform(fitted.transform(vectors)).select(MARGIN, LABEL, CUT_OFF)


def assemble(prepared: PipelineModel, fitted: Fitted, calibrator: LogisticRegressionModel) -> PipelineModel:
    """Put fitted parts together to one version."""
    stages: list[Transformer] = [*prepared.stages, fitted, margin_of(fitted), calibrator]
    return PipelineModel(stages)


def estimator_of(model: PipelineModel) -> Fitted:
    """The fitted estimator of a version."""
    return model.stages[-3]


def calibration_of(model: PipelineModel) -> tuple[float, float]:
    """`(a, b)` of a version: calibrated log-odds are `a * margin + b`."""
    calibrator = cast(LogisticRegressionModel, model.stages[-1])
    return float(calibrator.coefficients.toArray()[0]), float(calibrator.intercept)
