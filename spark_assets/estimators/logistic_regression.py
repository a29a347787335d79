"""Logistic regression, whose log-odds are a sum of features by themselves."""

from dataclasses import dataclass

from pyspark.ml.classification import LogisticRegression, LogisticRegressionModel

from spark_assets.estimators.base import FEATURES, Candidate, Estimator, raw_margin
from spark_assets.estimators.trees import Floats
from spark_assets.lake.schema import LABEL

_NAME = "LogisticRegression"


@dataclass(frozen=True)
class Linear:
    """A linear model; `means` of the training examples are where contributions begin.

    Coefficient times distance from the mean is what SHAP comes to for a linear model.
    """

    weights: Floats
    intercept: float
    means: Floats

    @property
    def base(self) -> float:  # noqa: D102 - see Additive
        return self.intercept + float(self.means @ self.weights)

    def split(self, vectors: Floats, margins: Floats) -> Floats:  # noqa: D102
        return (vectors - self.means) * self.weights


def logistic(strength: float) -> Candidate:
    """Logistic regression with an L2 penalty on standardised features."""
    estimator = LogisticRegression(featuresCol=FEATURES, labelCol=LABEL, regParam=strength, maxIter=50, tol=1e-4)
    return Candidate(_NAME, {"regParam": strength}, estimator.fit, LogisticRegressionModel)


def _candidates(seed: int, leavers: int) -> list[Candidate]:
    return [logistic(strength) for strength in (0.3, 0.05)]


def _additive(fitted: LogisticRegressionModel, uri: str, means: Floats) -> Linear:
    return Linear(fitted.coefficients.toArray(), float(fitted.intercept), means)


LOGISTIC_REGRESSION = Estimator(_NAME, LogisticRegressionModel, _candidates, raw_margin, _additive)
