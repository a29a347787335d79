"""The proof on simulated logs, whose hazard is known: how near the model comes to it, and what leaks look like."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from pyspark.sql import SparkSession

from orchestration.defs.checks.model import TRAINED_MODEL
from orchestration.step_definitions import judge
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.estimators.random_forest import forest
from spark_assets.lake.schema import TRAINING_EXAMPLES, USER_FEATURES, USER_ID
from spark_assets.lake.tables import read_table, replace_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling import training as train_module
from spark_assets.modelling.metrics import figures
from spark_assets.modelling.scored_outcomes import outcomes_of
from spark_assets.simulation.settings import SimulationSettings
from spark_assets.steps import inspect_model, trained_model
from spark_assets.steps.settings import StepParams
from tests.hazards import with_hazard
from tests.spark_assets.steps.lakes import simulated_lake

pytestmark = pytest.mark.slow("models of a simulation with a known hazard")

SIMULATION = SimulationSettings(users=1_500, days=61, seed=2)
NEAR = 0.88
"""Of the oracle's ROC AUC, with 221 leavers to learn from; `make bench` measures with more (docs/model.md)."""


@dataclass(frozen=True)
class Known:
    """A lake of simulated logs with a trained model, and its card."""

    params: StepParams
    card: dict[str, Any]


@pytest.fixture(scope="module")
def _quick_search() -> Iterator[None]:
    """The two families that learn most from few leavers; all of them are searched elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "candidates", lambda seed, _: [logistic(0.3), forest(8, seed)])
        yield


@pytest.fixture(scope="module")
def known(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, _quick_search: None) -> Known:
    params = simulated_lake(spark, tmp_path_factory.mktemp("known"), SIMULATION, StepParams("", ""))
    result = trained_model.run(spark, params)
    assert result.facts["promoted"], result.facts["reason"]
    return Known(params, model_store.load_card(params.lake, result.facts["version"]))


def test_the_model_ranks_nearly_as_well_as_who_knows_the_hazard(known: Known, spark: SparkSession) -> None:
    judged = date.fromisoformat(known.card["evaluation_cut_off"])
    oracle = figures(outcomes_of(with_hazard(spark, known.params.lake, SIMULATION, judged), "hazard"))["roc_auc"]
    assert oracle is not None
    assert oracle < 0.95  # fate decides too: otherwise there is nothing to prove
    assert known.card["metrics"]["roc_auc"] >= NEAR * oracle
    assert known.card["metrics"]["pr_auc"] > 1.5 * known.card["metrics"]["base_rate"]


def test_its_probabilities_are_those_that_came_true(known: Known) -> None:
    metrics = known.card["metrics"]
    assert metrics["intervals"]["ece"][0] < 0.03
    assert 2 / 3 < metrics["mean_probability"] / metrics["base_rate"] < 3 / 2


def test_features_that_run_to_the_end_of_the_log_are_caught(known: Known, spark: SparkSession, tmp_path: Path) -> None:
    """The leak of the published results: one row of features, up to the end, whatever the cut-off."""
    lake = tmp_path / "lake"
    shutil.copytree(known.params.lake, lake)
    params = replace(known.params, lake=str(lake), retrain_every_days=0)
    at_the_end = read_table(spark, params.lake, USER_FEATURES).select(USER_ID, "days_since_last_seen")
    honest = read_table(spark, params.lake, TRAINING_EXAMPLES)
    leaking = honest.drop("days_since_last_seen").join(at_the_end, on=USER_ID, how="inner")
    notes = {name: table_info(params.lake, TRAINING_EXAMPLES)[name] for name in ("horizon_days", "cut_offs")}
    replace_table(leaking.select(*honest.columns), params.lake, TRAINING_EXAMPLES, notes)
    result = trained_model.run(spark, params)
    assert not result.facts["promoted"]
    assert "taken for a leak: days_since_last_seen" in result.facts["reason"]
    facts = inspect_model.trained_model(spark, params).facts
    verdicts = judge("trained_model", TRAINED_MODEL, {"rows": 1, **facts})
    blocked = {
        found.check_name for found in verdicts if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR
    }
    assert blocked == {"no_feature_betrays_the_label"}
