import numpy as np
import pytest
from pyspark.ml.classification import LogisticRegressionModel
from pyspark.sql import DataFrame

from spark_assets.estimators.base import Candidate, Fitted
from spark_assets.modelling.scored_outcomes import Outcomes
from spark_assets.modelling.search import Tried, choose, told
from spark_assets.modelling.splits import Fold, Side


def _never_fitted(examples: DataFrame) -> Fitted:
    raise AssertionError("its outcomes are given")


def tried(name: str, *roc_aucs: float) -> Tried:
    """A candidate with a ROC AUC on each fold: of 100 stayers, as many below one leaver as the figure says."""
    outcomes = [
        Outcomes(
            np.array([0.9, 0.5, 0.1]), np.array([0, 1, 0]), np.array([100 - round(100 * auc), 0, round(100 * auc)])
        )
        for auc in roc_aucs
    ]
    return Tried(Candidate(name, {}, _never_fitted, LogisticRegressionModel), outcomes=outcomes, seconds=1.25)


def test_the_best_mean_over_the_folds_is_chosen() -> None:
    found = choose([tried("simple", 0.6, 0.6), tried("better", 0.5, 0.9)], "roc_auc", 2)
    assert found.candidate.name == "better"


def test_within_the_tolerance_the_simplest_is_chosen() -> None:
    items = [tried("simplest", 0.6), tried("simple", 0.79), tried("best", 0.8)]
    assert choose(items, "roc_auc", 2).candidate.name == "simple"
    assert choose(items, "roc_auc", 0).candidate.name == "best"
    assert choose(items, "roc_auc", 50).candidate.name == "simplest"


def test_of_errors_the_smaller_is_better() -> None:
    items = [tried("one", 0.5), tried("other", 0.9)]
    errors = {item.candidate.name: item.mean("brier") for item in items}
    assert choose(items, "brier", 0).candidate.name == min(errors, key=lambda name: errors[name])


def test_what_is_told_of_a_candidate() -> None:
    folds = [Fold("2018-11-05", Side(()), Side(())), Fold("2018-10-29", Side(()), Side(()))]
    row = told(tried("simple", 0.6, 0.8), folds, chosen=True)
    assert (row["estimator"], row["chosen"], row["seconds"]) == ("simple", True, 1.25)
    assert row["roc_auc"] == pytest.approx(0.7)
    assert {name: fold["roc_auc"] for name, fold in row["folds"].items()} == {
        "2018-11-05": pytest.approx(0.6),
        "2018-10-29": pytest.approx(0.8),
    }
