"""What every estimator promises, asked of all in `ESTIMATORS`; and that a new one is its module and its line there."""

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from pyspark.ml.classification import FMClassificationModel, FMClassifier
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets import estimators
from spark_assets.estimators import ESTIMATORS, estimator_for
from spark_assets.estimators.base import FEATURES, Candidate, Estimator, raw_margin
from spark_assets.estimators.trees import Floats
from spark_assets.lake.schema import LABEL
from spark_assets.modelling import training as train_module
from spark_assets.modelling.contributions import Explainer, explainer_of
from spark_assets.modelling.model_card import card, packages
from spark_assets.modelling.model_store import load_model, model_uri, save
from spark_assets.modelling.pipeline import calibration_of, estimator_of
from spark_assets.modelling.scoring import PROBABILITY, with_probability
from spark_assets.modelling.training import Recipe, train
from tests.spark_assets.modelling.fitted import customers, version_of
from tests.spark_assets.modelling.frames import FEW, HORIZON, examples, planted

MEANS = np.array([15.0, -0.4, 0.5, 30.0, 250.0, 20.0])


@dataclass(frozen=True)
class Products:
    """A factorization machine: a linear model and a weight for the product of each pair of features."""

    weights: Floats
    pairs: Floats
    intercept: float
    means: Floats

    @property
    def base(self) -> float:
        return float(self.intercept + self.means @ self.weights + self.means @ self.pairs @ self.means / 2)

    def split(self, vectors: Floats, margins: Floats) -> Floats:
        """Shapley values against the means: what a product gains is shared by its two features."""
        return (vectors - self.means) * (self.weights + (vectors + self.means) @ self.pairs / 2)


def of_toy(fitted: FMClassificationModel, uri: str, means: Floats) -> Products:
    factors = fitted.factors.toArray()
    pairs = factors @ factors.T
    np.fill_diagonal(pairs, 0)
    return Products(fitted.linear.toArray(), pairs, float(fitted.intercept), means)


def toys(seed: int, leavers: int) -> list[Candidate]:
    machine = FMClassifier(featuresCol=FEATURES, labelCol=LABEL, seed=seed, factorSize=2, stepSize=0.02, maxIter=50)
    return [Candidate("Toy", {"stepSize": 0.02}, machine.fit, FMClassificationModel)]


TOY = Estimator("Toy", FMClassificationModel, toys, raw_margin, of_toy, packages=("hypothesis",))
"""All that a new estimator is."""


def differences(explainer: Explainer, scored: DataFrame) -> Floats:
    """Between base plus contributions and the log-odds that the pipeline gave."""
    rows = scored.select(
        vector_to_array(F.col("features")).alias("vector"),
        vector_to_array(F.col("margin"))[0].alias("margin"),
        vector_to_array(F.col("calibrated"))[1].alias("probability"),
    ).toArrow()
    probability = rows["probability"].to_numpy()
    assert len(np.unique(probability.round(6))) > 10, "a model that tells nobody apart shows nothing"
    told = explainer.contributions(np.array(rows["vector"].to_pylist()), rows["margin"].to_numpy()).sum(axis=1)
    apart: Floats = np.abs(explainer.base + told - np.log(probability / (1 - probability)))
    return apart


@pytest.mark.parametrize("estimator", [*ESTIMATORS, TOY], ids=lambda estimator: estimator.name)
def test_an_estimator_is_saved_loaded_recognized_and_explained(
    estimator: Estimator, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimators, "ESTIMATORS", (*ESTIMATORS, TOY))
    offered = estimator.candidates(1, 0)
    assert {(item.name, item.fitted_class) for item in offered} == {(estimator.name, estimator.model_class)}
    model, uri = version_of(estimator.name, customers(spark), tmp_path, make=lambda: offered[0])
    assert estimator_for(estimator_of(model)) is estimator
    scored = model.transform(customers(spark, count=300, seed=8, shift=5.0))
    slope, intercept = calibration_of(model)
    rows = scored.select(
        vector_to_array(F.col("margin")).alias("margin"), vector_to_array(F.col("calibrated"))[1].alias("probability")
    ).collect()
    assert slope > 0
    for row in rows:
        (margin,) = row["margin"]
        assert np.log(row["probability"] / (1 - row["probability"])) == pytest.approx(slope * margin + intercept)
    assert differences(explainer_of(model, uri, MEANS), scored).max() < 1e-6
    assert all(metadata.version(name) for name in estimator.packages)


def test_a_new_estimator_is_its_module_and_its_line(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search, calibration, judging, saving, scoring, contributions and card know it by the list alone."""
    monkeypatch.setattr(estimators, "ESTIMATORS", (TOY,))
    monkeypatch.setattr(train_module, "MODEL_FEATURES", FEW)
    table = examples(spark, planted, users=80)
    recipe = Recipe(horizon_days=HORIZON, bootstrap_replicates=10)
    trained = train(table, recipe)
    written = card(trained, recipe)
    assert (written["estimator"], written["settings"], len(written["search"])) == ("Toy", {"stepSize": 0.02}, 1)
    assert "hypothesis" in packages()
    save(str(tmp_path), "2018-12-02.1", trained.model, trained.judged, written)
    model = load_model(str(tmp_path), "2018-12-02.1")
    scores = {row[PROBABILITY] for row in with_probability(model, table).collect()}
    assert len(scores) > 10
    explainer = explainer_of(model, model_uri(str(tmp_path), "2018-12-02.1"), np.zeros(len(trained.features)))
    assert differences(explainer, model.transform(table)).max() < 1e-6
