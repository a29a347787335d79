"""`ENCORE_COMPUTE=local`: steps run in the Dagster process."""

import os
import sys

import dagster as dg
from dagster_pyspark import LazyPySparkResource

from orchestration.compute.protocol import SparkCompute
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams, StepResult


class LocalCompute(SparkCompute):
    """Runs the step in the Dagster process, on the one session that all steps of a run share."""

    pyspark: dg.ResourceDependency[LazyPySparkResource]

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Run one step on the shared session."""
        # Unset, Spark starts whatever `python3` comes first on PATH, which need not hold our packages.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        session = self.pyspark.spark_session
        session.sparkContext.setLogLevel(os.environ.get("ENCORE_SPARK_LOG_LEVEL", "ERROR"))
        return run_step(step, session, params)
