"""What every backend offers, and how it says that a step failed."""

from abc import ABC, abstractmethod

import dagster as dg

from spark_assets.jobs.params import StepParams, StepResult


class StepFailedError(Exception):
    """A step failed on another machine or process; the text is the cause as told there."""


class SparkCompute(dg.ConfigurableResource["SparkCompute"], ABC):
    """Runs a step of `spark_assets.jobs` and returns what it tells."""

    @abstractmethod
    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Run one step on behalf of the asset or check in `context`.

        Raises:
            EncoreError: what the user must mend.
            StepFailedError: the step failed elsewhere for another reason.
        """
