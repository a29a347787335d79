"""A lake made of simulated logs by Encore's own steps, up to the training examples."""

import shutil
from dataclasses import replace
from pathlib import Path

from pyspark.sql import SparkSession

from spark_assets.simulation.output import simulate_events, write_daily_logs
from spark_assets.simulation.settings import SimulationSettings
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams

SHORT = {
    "horizon_days": 7,
    "history_days": 7,
    "cut_off_every_days": 7,
    "bootstrap_replicates": 100,
    "retrain_every_days": 0,
}
"""Settings by which few days of logs suffice for a model, and every training trains."""


def simulated_lake(
    spark: SparkSession, home: Path, simulation: SimulationSettings, params: StepParams | None = None
) -> StepParams:
    """Simulate logs below `home` and compute up to `training_examples`; returns the params with their places."""
    inbox = home / "inbox"
    write_daily_logs(simulate_events(spark, simulation), str(inbox), tasks=2)
    settings = params or StepParams("", "", **SHORT)  # type: ignore[arg-type]
    placed = replace(settings, inbox=str(inbox), lake=str(home / "lake"), quiet_seconds=0)
    for step in ("ingest_logs", "daily_activity", "user_features", "training_examples"):
        run_step(step, spark, placed)
    return placed


def copy_of(params: StepParams, home: Path) -> StepParams:
    """A copy of the lake below `home`, which a test may change."""
    shutil.copytree(params.lake, home / "lake")
    return replace(params, lake=str(home / "lake"))
