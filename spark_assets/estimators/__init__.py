"""The estimators that a search tries, the simplest first: a new one is its module and its line in `ESTIMATORS`."""

from collections.abc import Iterable

from spark_assets.estimators.base import Candidate, Estimator, Fitted, UnexplainedEstimatorError
from spark_assets.estimators.logistic_regression import LOGISTIC_REGRESSION
from spark_assets.estimators.random_forest import RANDOM_FOREST
from spark_assets.estimators.xgboost import XGBOOST

ESTIMATORS: tuple[Estimator, ...] = (LOGISTIC_REGRESSION, RANDOM_FOREST, XGBOOST)


def candidates(seed: int, leavers: int) -> list[Candidate]:
    """Every estimator with every point of its grid, the simplest first: the order decides between equals.

    Args:
        seed: of all that is drawn.
        leavers: to learn from.
    """
    return [candidate for estimator in ESTIMATORS for candidate in estimator.candidates(seed, leavers)]


def estimator_for(fitted: Fitted) -> Estimator:
    """The estimator of a fitted model.

    Raises:
        UnexplainedEstimatorError: none in `ESTIMATORS` gives such a model.
    """
    for estimator in ESTIMATORS:
        if isinstance(fitted, estimator.model_class):
            return estimator
    raise UnexplainedEstimatorError(
        f"The saved model is a {type(fitted).__name__}, whose scores cannot be explained: launch the job promote_model "
        "with another version, or materialize trained_model with retrain_every_days 0 for a new one."
    )


def is_known(name: str) -> bool:
    """Whether `ESTIMATORS` has an estimator of this name, as cards note it."""
    return any(estimator.name == name for estimator in ESTIMATORS)


def require_explained(candidates: Iterable[Candidate]) -> None:
    """Refuse candidates that could not be explained once they score.

    Raises:
        UnexplainedEstimatorError: names the candidate, and the classes that are known.
    """
    known = tuple(estimator.model_class for estimator in ESTIMATORS)
    for candidate in candidates:
        if not issubclass(candidate.fitted_class, known):
            raise UnexplainedEstimatorError(
                f"Candidate {candidate.name} gives a {candidate.fitted_class.__name__}, whose scores cannot be "
                f"explained: only {', '.join(each.__name__ for each in known)} can. Give it a module in "
                "spark_assets/estimators and a line in ESTIMATORS, or leave it out of the grid."
            )


def packages() -> tuple[str, ...]:
    """Distributions that the estimators compute with beside Spark, each once."""
    return tuple(dict.fromkeys(name for estimator in ESTIMATORS for name in estimator.packages))
