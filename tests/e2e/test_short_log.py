"""A short log whose last line lies days after the others: few left in its newest window, and it is published."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from pyspark.sql import SparkSession

from orchestration.defs.checks.model import TRAINED_MODEL
from orchestration.step_definitions import judge
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.sample_logs import SAMPLE_MARK
from spark_assets.lake.schema import CHURN_SCORES
from spark_assets.lake.tables import table_info
from spark_assets.modelling import training as train_module
from spark_assets.simulation.settings import SimulationSettings
from spark_assets.steps.runner import run_step
from tests.spark_assets.ingest.samples import drop, line, text
from tests.spark_assets.steps.lakes import simulated_lake

pytestmark = pytest.mark.slow("a whole run")

LISTENERS = SimulationSettings(users=256, days=32, seed=6)
STRAY_DAYS = 5


@pytest.fixture(scope="module", autouse=True)
def _quick_search() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "candidates", lambda *_: [logistic(0.3)])
        yield


def test_a_short_log_publishes_and_says_that_its_model_is_not_judged(spark: SparkSession, tmp_path: Path) -> None:
    params = simulated_lake(spark, tmp_path, LISTENERS)
    _, last = Ledger.load(params.lake).span()
    stray = datetime(last.year, last.month, last.day, 12, tzinfo=UTC) + timedelta(days=STRAY_DAYS)
    drop(
        Path(params.inbox), f"{SAMPLE_MARK}stray.json", text([line(ts=int(stray.timestamp() * 1000), userId="100001")])
    )
    for step in ("ingest_logs", "daily_activity", "user_features", "training_examples", "trained_model"):
        run_step(step, spark, params)
    facts = run_step("inspect_trained_model", spark, params).facts
    assert 0 < facts["leavers"] < 8, "the newest window is to hold few leavers"
    verdicts = {found.check_name: found for found in judge("trained_model", TRAINED_MODEL, {"rows": 1, **facts})}
    blocked = {
        name for name, found in verdicts.items() if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR
    }
    assert blocked == set()
    assert not verdicts["enough_leavers_to_judge"].passed
    run_step("churn_scores", spark, params)
    notes = table_info(params.lake, CHURN_SCORES)
    assert notes["model_version"]
    assert notes["model_facts"]["judged_on"] == {"examples": facts["examples"], "leavers": facts["leavers"]}
