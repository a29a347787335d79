"""What a calibration is fitted on, and that nobody is told far more than comes true."""

from collections.abc import Callable

import pytest
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.modelling.examples import Examples
from spark_assets.modelling.grid import Candidate, extreme_gradient_boosted, forest, gradient_boosted, logistic
from spark_assets.modelling.pipeline import CALIBRATED, assemble, calibration, preparation
from spark_assets.modelling.search import search
from spark_assets.modelling.splits import BY_LISTENER, FORWARD, plan
from spark_assets.modelling.unseen import Unseen, unseen
from tests.spark_assets.modelling.frames import CUT_OFFS, GAPS, HORIZON, NOISE, SIGNAL, examples, planted, rare

FEATURES = [SIGNAL, NOISE, GAPS]
FAMILIES: dict[str, Callable[[], Candidate]] = {
    "LogisticRegression": lambda: logistic(0.3),
    "RandomForest": lambda: forest(8, 1),
    "GBT": lambda: gradient_boosted(1),
    "XGBoost": lambda: extreme_gradient_boosted(1),
}


@pytest.fixture(scope="module")
def table(spark: SparkSession) -> DataFrame:
    """Few customers at each cut-off, so that the first ones teach a forest next to nothing."""
    return examples(spark, rare, users=60).cache()


def set_aside(table: DataFrame, candidate: Candidate) -> tuple[Unseen, Examples]:
    kept = Examples.of_table(table)
    planned = plan(kept.counts(), HORIZON, 3)
    return unseen(kept, planned, FEATURES, search(kept, planned.folds, FEATURES, [candidate], "pr_auc", 0)), kept


def test_every_example_but_the_judging_windows_is_seen_by_models_of_other_listeners(table: DataFrame) -> None:
    aside, kept = set_aside(table, logistic(0.1))
    planned = plan(kept.counts(), HORIZON, 3)
    assert (planned.searching, planned.folds == planned.calibrate) == (FORWARD, False)
    fitting = kept.of(planned.fit)
    assert aside.margins.count() == fitting.count() == 60 * (len(CUT_OFFS) - 1)
    assert aside.margins.agg(F.sum("label")).first() == fitting.agg(F.sum("label")).first()
    for fold in aside.folds:
        assert not fold.fold.fit.groups & fold.fold.validate.groups
        assert fold.fit.count() >= fitting.count() / 2


def test_a_search_by_listeners_is_not_fitted_again(spark: SparkSession) -> None:
    kept = Examples.of_table(examples(spark, planted, cut_offs=CUT_OFFS[:1]))
    planned = plan(kept.counts(), HORIZON, 3)
    assert planned.searching == BY_LISTENER
    found = search(kept, planned.folds, FEATURES, [logistic(0.1)], "pr_auc", 0)
    assert unseen(kept, planned, FEATURES, found).folds is found.folds


@pytest.mark.parametrize("family", FAMILIES)
def test_probabilities_stay_near_what_comes_true_when_fitted_on_everything(family: str, table: DataFrame) -> None:
    """At most 35 of 100 leave, 9 on average. Calibrated on folds in time, a forest says 22 on average."""
    aside, kept = set_aside(table, FAMILIES[family]())
    told = _told(kept, aside, FAMILIES[family]())
    assert told["mean"] == pytest.approx(told["rate"], abs=0.03)
    assert 0.08 < told["highest"] < 0.65


def _told(kept: Examples, aside: Unseen, candidate: Candidate) -> dict[str, float]:
    """Mean and highest probability of a candidate fitted on all examples, and the share that left."""
    prepared = preparation(FEATURES).fit(kept.rows)
    fitted = candidate.fit(prepared.transform(kept.rows).select("features", "label"))
    model = assemble(prepared, fitted, calibration().fit(aside.margins))
    probability = vector_to_array(F.col(CALIBRATED))[1]
    row = model.transform(kept.rows).agg(F.avg(probability), F.max(probability), F.avg("label")).first()
    assert row is not None
    return dict(zip(("mean", "highest", "rate"), row, strict=True))
