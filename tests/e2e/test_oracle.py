"""The proof on simulated logs, whose hazard is known: how near the model comes to it, and what leaks look like."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CUT_OFF, LABEL, TRAINING_EXAMPLES, USER_ID
from spark_assets.jobs import train_model
from spark_assets.jobs.params import StepParams
from spark_assets.lake import read_table
from spark_assets.modelling import store
from spark_assets.modelling.figures import figures
from spark_assets.modelling.outcomes import outcomes_of
from spark_assets.simulation.frames import simulate_truth
from spark_assets.simulation.settings import SimulationSettings
from tests.spark_assets.jobs.lakes import simulated_lake

SIMULATION = SimulationSettings(users=1_500, days=61, seed=2)


@dataclass(frozen=True)
class Known:
    """A lake of simulated logs with a trained model, and its card."""

    params: StepParams
    card: dict[str, Any]


@pytest.fixture(scope="module")
def known(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Known:
    params = simulated_lake(spark, tmp_path_factory.mktemp("known"), SIMULATION, StepParams("", ""))
    result = train_model.run(spark, params)
    assert result.facts["promoted"], result.facts["reason"]
    return Known(params, store.load_card(params.lake, result.facts["version"]))


def test_the_model_ranks_nearly_as_well_as_who_knows_the_hazard(known: Known, spark: SparkSession) -> None:
    judged = date.fromisoformat(known.card["evaluation_cut_off"])
    oracle = figures(outcomes_of(_with_hazard(known, spark, judged), "hazard"))["roc_auc"]
    assert oracle is not None
    assert oracle < 0.95  # fate decides too: otherwise there is nothing to prove
    assert known.card["metrics"]["roc_auc"] >= 0.95 * oracle
    assert known.card["metrics"]["pr_auc"] > 1.5 * known.card["metrics"]["base_rate"]


def test_its_probabilities_are_those_that_came_true(known: Known) -> None:
    metrics = known.card["metrics"]
    assert metrics["intervals"]["ece"][0] < 0.03
    assert 2 / 3 < metrics["mean_probability"] / metrics["base_rate"] < 3 / 2


def _with_hazard(known: Known, spark: SparkSession, judged: date) -> DataFrame:
    """The judging window with the true hazard of its first day, which is known before that day starts."""
    window = read_table(spark, known.params.lake, TRAINING_EXAMPLES).where(F.col(CUT_OFF) == F.lit(judged))
    truth = simulate_truth(spark, SIMULATION).where(F.col("date") == F.lit(judged))
    joined = window.select(USER_ID, LABEL).join(truth.select(USER_ID, "hazard"), on=USER_ID, how="inner").cache()
    assert joined.count() == window.count()
    return joined
