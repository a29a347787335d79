"""The resource that assets call: settings of a run, and steps on the compute backend turned into Dagster's terms."""

import time
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration.compute.base import SparkCompute, StepLostError
from orchestration.run_lock import hold_run
from spark_assets.errors import EncoreError, PassingError
from spark_assets.steps.settings import BOUNDS, Choice, StepParams, StepResult


def _setting(name: str) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    allowed = BOUNDS[name]
    default = getattr(StepParams, name)
    if isinstance(allowed, Choice):
        return Field(default=default, pattern=f"^({'|'.join(allowed.options)})$", description=allowed.meaning)
    return Field(default=default, ge=allowed.least, le=allowed.greatest, description=allowed.meaning)


StepContext = dg.AssetExecutionContext | dg.AssetCheckExecutionContext | dg.OpExecutionContext
"""Of the asset, check or op on whose behalf a step runs."""


class Pipeline(dg.ConfigurableResource["Pipeline"]):
    """Runs steps with the settings below, which the launchpad shows with bounds and meanings."""

    compute: dg.ResourceDependency[SparkCompute]
    inbox: str = Field(description="Folder or s3 prefix where log files are dropped.")
    lake: str = Field(description="Folder or s3 prefix of the Parquet tables.")
    horizon_days: int = _setting("horizon_days")
    cut_off_every_days: int = _setting("cut_off_every_days")
    history_days: int = _setting("history_days")
    look_back_days: int = _setting("look_back_days")
    retrain_every_days: int = _setting("retrain_every_days")
    validation_folds: int = _setting("validation_folds")
    choose_by: str = _setting("choose_by")
    tie_percent: int = _setting("tie_percent")
    bootstrap_replicates: int = _setting("bootstrap_replicates")
    challenger_confidence: float = _setting("challenger_confidence")
    band_high_lift: float = _setting("band_high_lift")
    band_medium_lift: float = _setting("band_medium_lift")
    max_feature_auc: float = _setting("max_feature_auc")
    suspicious_auc: float = _setting("suspicious_auc")
    max_calibration_error: float = _setting("max_calibration_error")
    max_calibration_ratio: float = _setting("max_calibration_ratio")
    max_psi: float = _setting("max_psi")
    max_score_ratio: float = _setting("max_score_ratio")
    quiet_seconds: int = _setting("quiet_seconds")
    max_quarantine_percent: int = _setting("max_quarantine_percent")
    least_days_known: int = _setting("least_days_known")
    least_days_listened: int = _setting("least_days_listened")
    outside_percent: int = _setting("outside_percent")
    stale_after_days: int = _setting("stale_after_days")
    old_after_days: int = _setting("old_after_days")
    keep_snapshots: int = _setting("keep_snapshots")
    seed: int = _setting("seed")
    retries: int = Field(default=2, ge=0, le=10, description="Tries after the first of a step that was lost.")
    away_retries: int = Field(
        default=8,
        ge=0,
        le=1_000,
        description="Tries after the first while Postgres or the lake is not to be had. Eight last seven minutes, "
        "longer than a managed server's failover.",
    )
    retry_seconds: int = Field(
        default=20,
        ge=0,
        le=3_600,
        description="Wait before the second try; the next is twice as long, each further one three times.",
    )

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Hold the run's lock from its first moment on, so that it is known to live; sensors have no run."""
        if context.run and context.instance:
            hold_run(context.instance, context.run.run_id)

    def run(
        self, step: str, context: StepContext, *, version: str = "", batch: int = 0, as_of: str = ""
    ) -> tuple[StepResult, float]:
        """Run a step; returns its result and the seconds it took.

        `version` is that of `promote_model`, `batch` that of `withdraw_batch`, `as_of` the day of a step of past days.

        Raises:
            dg.Failure: with the text meant for the operator and no traceback, when the step says what to mend.
            dg.RetryRequested: it may help to try again, and tries are left.
        """
        if isinstance(context, dg.AssetExecutionContext | dg.AssetCheckExecutionContext):
            context = context.op_execution_context
        settings: dict[str, Any] = {name: getattr(self, name) for name in BOUNDS}
        started = time.monotonic()
        try:
            params = StepParams(self.inbox, self.lake, context.run_id, version, batch, as_of, **settings)
            result = self.compute.run(step, params, context)
        except (PassingError, StepLostError) as error:
            self._try_again(context, error, self.away_retries if isinstance(error, PassingError) else self.retries)
            raise dg.Failure(description=str(error), allow_retries=False) from None
        except EncoreError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        return result, time.monotonic() - started

    def waits(self, retries: int) -> list[int]:
        """Seconds before each of so many further tries."""
        return [self.retry_seconds * min(2**number, 3) for number in range(retries)]

    def _try_again(self, context: dg.OpExecutionContext, error: Exception, retries: int) -> None:
        """Ask Dagster for another try unless all were used, and say in the log how many there are."""
        waits = self.waits(retries)
        number = context.retry_number
        if number < retries:
            context.log.warning(
                f"{error} Trying again in {waits[number]} s: try {number + 2} of {retries + 1}, the last in "
                f"{sum(waits[number:])} s."
            )
            raise dg.RetryRequested(max_retries=retries, seconds_to_wait=waits[number]) from error
