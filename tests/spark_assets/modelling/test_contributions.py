"""Contributions of real fitted models of every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pyspark.ml import PipelineModel
from pyspark.ml.classification import GBTClassifier, NaiveBayes
from pyspark.ml.feature import VectorSlicer
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name
from xgboost import Booster

from spark_assets.estimators import candidates, require_explained
from spark_assets.estimators.base import FEATURES, MARGIN, UnexplainedEstimatorError
from spark_assets.estimators.logistic_regression import Linear
from spark_assets.estimators.random_forest import Forest
from spark_assets.estimators.trees import Floats, Tree
from spark_assets.estimators.xgboost import MANY_LEAVERS, BoosterSum
from spark_assets.modelling.contributions import Explainer, explainer_of
from tests.spark_assets.estimators.boosters import booster_trees
from tests.spark_assets.estimators.definition import shapley
from tests.spark_assets.modelling.fitted import KINDS, NAMES, customers, version_of

MEANS = np.array([15.0, -0.4, 0.5, 30.0, 250.0, 20.0])


@dataclass(frozen=True)
class Case:
    """A fitted model's explainer, and what the model itself says of customers."""

    kind: str
    explainer: Explainer
    vectors: Floats
    margins: Floats
    probabilities: Floats

    def contributions(self) -> Floats:
        return self.explainer.contributions(self.vectors, self.margins)

    @property
    def trees(self) -> Sequence[Tree]:
        """The trees behind it, if it is made of some."""
        additive = self.explainer.additive
        if isinstance(additive, BoosterSum):
            return booster_trees(Booster(model_file=bytearray(additive.document)))
        return additive.trees.trees if isinstance(additive, Forest) else ()


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder: Path = tmp_path_factory.mktemp("versions")
    model, uri = version_of(request.param, customers(spark), folder, unseen=customers(spark, seed=6))
    # others than those of the training, and beyond them
    seen = model.transform(customers(spark, count=300, seed=8, shift=5.0))
    rows = seen.select(
        vector_to_array("features").alias("vector"),
        vector_to_array("margin")[0].alias("margin"),
        vector_to_array("calibrated")[1].alias("probability"),
    ).toArrow()
    vectors = np.array(rows["vector"].to_pylist())
    probabilities = rows["probability"].to_numpy()
    return Case(request.param, explainer_of(model, uri, MEANS), vectors, rows["margin"].to_numpy(), probabilities)


def test_base_and_contributions_are_the_log_odds_of_the_probability(case: Case) -> None:
    told = case.explainer.base + case.contributions().sum(axis=1)
    log_odds = np.log(case.probabilities / (1 - case.probabilities))
    assert len(set(np.round(log_odds, 6))) > 10, "a model that tells nobody apart shows nothing"
    assert np.abs(told - log_odds).max() < 1e-6


def test_the_same_customers_get_the_same_contributions_in_any_order(case: Case) -> None:
    backwards = case.explainer.contributions(case.vectors[::-1], case.margins[::-1])[::-1]
    assert np.array_equal(case.contributions(), backwards)


def test_a_feature_that_decides_nothing_contributes_nothing(case: Case) -> None:
    if case.trees:
        used = {int(f) for tree in case.trees for f in tree.features[tree.left >= 0]}
        unused = [place for place in range(len(NAMES)) if place not in used]
        assert not case.contributions()[:, unused].any()


def test_contributions_of_trees_are_shapley_values(case: Case) -> None:
    additive, trees = case.explainer.additive, case.trees
    if trees:
        some = slice(0, 4)
        single = isinstance(additive, BoosterSum)
        inputs = case.vectors[some].astype(np.float32).astype(float) if single else case.vectors[some]
        values = np.array([shapley(trees, row) for row in inputs])
        if isinstance(additive, Forest):
            # of the probability; in log-odds in the same proportions
            rise = case.margins[some] - additive.base
            values *= (rise / values.sum(axis=1))[:, None]
        # XGBoost computes in 32 bits
        bound = 1e-5 if single else 1e-9
        assert np.abs(case.contributions()[some] - case.explainer.slope * values).max() < bound
    else:
        assert isinstance(additive, Linear)
        distances = (case.vectors - MEANS) * additive.weights
        assert np.allclose(case.contributions(), case.explainer.slope * distances, atol=1e-12)


def test_a_model_without_any_split_is_its_base(spark: SparkSession, tmp_path: Path) -> None:
    alike = customers(spark, count=60).select("user_id", "label", *(F.lit(1.0).alias(name) for name in NAMES))
    model, uri = version_of("forest", alike, tmp_path)
    explainer = explainer_of(model, uri, np.ones(len(NAMES)))
    (row,) = model.transform(alike.limit(1)).select(vector_to_array("calibrated")[1].alias("p")).collect()
    assert not explainer.contributions(np.ones((1, len(NAMES))), np.zeros(1)).any()
    assert explainer.base == pytest.approx(np.log(row["p"] / (1 - row["p"])), abs=1e-9)


def test_a_forest_saved_when_its_margin_was_its_probability_still_adds_up(spark: SparkSession, tmp_path: Path) -> None:
    rows = customers(spark, count=120)
    model, _ = version_of("forest", rows, tmp_path)
    sliced = VectorSlicer(inputCol="probability", outputCol=MARGIN, indices=[1])
    uri = str(tmp_path / "before")
    PipelineModel([*model.stages[:-2], sliced, model.stages[-1]]).write().save(uri)
    before = PipelineModel.load(uri)
    told = before.transform(rows).select(
        vector_to_array("features").alias("vector"), vector_to_array("calibrated")[1].alias("p")
    )
    found = told.toArrow()
    probabilities = found["p"].to_numpy()
    explainer = explainer_of(before, uri, np.ones(len(NAMES)))
    vectors = np.array(found["vector"].to_pylist())
    sums = explainer.base + explainer.contributions(vectors, np.zeros(len(vectors))).sum(axis=1)
    assert np.abs(sums - np.log(probabilities / (1 - probabilities))).max() < 1e-6


@pytest.mark.parametrize(
    ("classifier", "named"),
    [
        (lambda: NaiveBayes(featuresCol=FEATURES, labelCol="label", modelType="gaussian"), "NaiveBayesModel"),
        # which earlier releases searched
        (lambda: GBTClassifier(featuresCol=FEATURES, labelCol="label", maxIter=3), "GBTClassificationModel"),
    ],
    ids=["foreign", "gbt"],
)
def test_a_saved_model_that_nobody_can_explain_is_loaded_and_says_what_to_do(
    classifier: Callable[[], NaiveBayes | GBTClassifier], named: str, spark: SparkSession, tmp_path: Path
) -> None:
    training = customers(spark)
    model, _ = version_of("logistic", training, tmp_path)
    fitted = classifier().fit(PipelineModel(model.stages[:-3]).transform(training))
    uri = str(tmp_path / "foreign")
    PipelineModel([*model.stages[:-3], fitted, *model.stages[-2:]]).write().save(uri)
    foreign = PipelineModel.load(uri)
    # a challenger is compared with it
    assert foreign.transform(training).where("calibrated is null").count() == 0
    told = rf"The saved model is a {named}, whose scores cannot .* promote_model with another version, or materialize"
    with pytest.raises(UnexplainedEstimatorError, match=told):
        explainer_of(foreign, uri, np.zeros(len(NAMES)))


def test_every_candidate_of_the_grid_can_be_explained(spark: SparkSession) -> None:
    require_explained(candidates(1, MANY_LEAVERS))
