"""The interface of compute backends, and the local one: `ENCORE_COMPUTE=local`, steps run in the Dagster process."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import dagster as dg
from dagster_pyspark import LazyPySparkResource

from spark_assets.errors import EncoreError, PassingError
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams, StepResult


class StepFailedError(Exception):
    """A step failed on another machine or process; the text is the cause as told there."""


class StepLostError(StepFailedError):
    """A step ended without a word: its machine or process was taken away. Trying again may help."""


class SparkCompute(dg.ConfigurableResource["SparkCompute"], ABC):
    """Runs a step of `spark_assets.steps` and returns what it tells."""

    @abstractmethod
    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Run one step on behalf of the asset or check in `context`.

        Raises:
            EncoreError: what the user must mend.
            StepFailedError: the step failed elsewhere for another reason.
            StepLostError: the step was lost there.
        """


def result_of(messages: Sequence[dict[str, Any]], silence: str) -> StepResult:
    """The result that a submitted step told, or the error that it told; `silence` says how it ended without a word."""
    told = messages[-1] if messages else {}
    if "result" in told:
        return StepResult(**told["result"])
    if "to_mend" in told:
        raise PassingError(told["to_mend"]) if told.get("may_pass") else EncoreError(told["to_mend"])
    if "failed" in told:
        raise StepFailedError(told["failed"])
    raise StepLostError(f"{silence}. What it printed stands in the run's compute logs.")


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
