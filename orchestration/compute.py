"""Where a step runs: one protocol, and the backend that runs it in this process."""

import os
import sys
from typing import Protocol

import dagster as dg
from dagster_pyspark import LazyPySparkResource

from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.jobs.steps import run_step


class SparkCompute(Protocol):
    """Runs a step of `spark_assets.jobs` and returns what it tells."""

    def run(self, step: str, params: StepParams) -> StepResult:
        """Run one step; raises `EncoreError` for what the user must mend."""
        ...


class LocalCompute(dg.ConfigurableResource["LocalCompute"]):
    """Runs the step in the Dagster process, on the one session that all steps of a run share."""

    pyspark: dg.ResourceDependency[LazyPySparkResource]

    def run(self, step: str, params: StepParams) -> StepResult:
        """Run one step on the shared session."""
        # Unset, Spark starts whatever `python3` comes first on PATH, which need not hold our packages.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        session = self.pyspark.spark_session
        session.sparkContext.setLogLevel(os.environ.get("ENCORE_SPARK_LOG_LEVEL", "ERROR"))
        return run_step(step, session, params)
