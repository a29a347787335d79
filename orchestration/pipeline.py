"""The resource that assets call: settings of a run, and steps on the compute backend turned into Dagster's terms."""

import time
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration.compute.protocol import SparkCompute
from spark_assets.jobs.errors import EncoreError
from spark_assets.jobs.params import BOUNDS, StepParams, StepResult


def _setting(name: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    bounds = BOUNDS[name]
    default = getattr(StepParams, name)
    return Field(default=default, ge=bounds.least, le=bounds.greatest, description=bounds.meaning)


StepContext = dg.AssetExecutionContext | dg.AssetCheckExecutionContext
"""Of the asset or check on whose behalf a step runs."""


class Pipeline(dg.ConfigurableResource["Pipeline"]):
    """Runs steps with the settings below, which the launchpad shows with bounds and meanings."""

    compute: dg.ResourceDependency[SparkCompute]
    inbox: str = Field(description="Folder or s3 prefix where log files are dropped.")
    lake: str = Field(description="Folder or s3 prefix of the Parquet tables.")
    horizon_days: int = _setting("horizon_days")
    cut_off_every_days: int = _setting("cut_off_every_days")
    history_days: int = _setting("history_days")
    look_back_days: int = _setting("look_back_days")
    quiet_seconds: int = _setting("quiet_seconds")
    max_quarantine_percent: int = _setting("max_quarantine_percent")
    keep_snapshots: int = _setting("keep_snapshots")
    seed: int = _setting("seed")

    def run(self, step: str, context: StepContext) -> tuple[StepResult, float]:
        """Run a step; returns its result and the seconds it took.

        Raises:
            dg.Failure: with the text meant for the operator and no traceback, when the step says what to mend.
        """
        op_context = context.op_execution_context
        settings = {name: getattr(self, name) for name in BOUNDS}
        started = time.monotonic()
        try:
            params = StepParams(inbox=self.inbox, lake=self.lake, run_id=op_context.run_id, **settings)
            result = self.compute.run(step, params, op_context)
        except EncoreError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        return result, time.monotonic() - started
