"""Split the log-odds of every customer into exact contributions of the features.

Trees by TreeSHAP, path-dependent (Lundberg et al., From local explanations to global understanding with explainable
AI for trees, Nature Machine Intelligence 2, 2020); a linear model by coefficient times distance from the mean, which is
what SHAP comes to there.
"""

from dataclasses import dataclass

from pyspark.ml import PipelineModel

from spark_assets.estimators import estimator_for
from spark_assets.estimators.base import Additive
from spark_assets.estimators.trees import Floats
from spark_assets.modelling.pipeline import calibration_of, estimator_of


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


def explainer_of(model: PipelineModel, uri: str, means: Floats) -> Explainer:
    """The explainer of a version.

    Args:
        model: the version, as loaded.
        uri: where it is saved.
        means: of the training examples by feature, where a linear model's contributions begin.

    Raises:
        UnexplainedEstimatorError: the version holds an estimator that is not in `ESTIMATORS`.
    """
    slope, intercept = calibration_of(model)
    fitted = estimator_of(model)
    return Explainer(estimator_for(fitted).additive(fitted, uri, means), slope, intercept)
