"""New logs lead to fresh scores."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.automation.jobs import everything
from orchestration.pipeline import Pipeline
from spark_assets.jobs.errors import MissingInboxError
from spark_assets.jobs.inbox import waiting_files

QUIET = timedelta(seconds=60)
"""A file untouched for so long counts as whole; uploads that pause longer should use a temporary name (`.part`)."""


@dg.sensor(
    job=everything,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks into the inbox every minute and runs `everything` when log files lie there that no batch holds.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Request one run for each new content of the inbox."""
    try:
        waiting = waiting_files(pipeline.inbox, pipeline.lake, datetime.now(UTC), QUIET)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    if not waiting.ready:
        still = f", {waiting.unsettled} still being written" if waiting.unsettled else ""
        return dg.SkipReason(f"Nothing new in {pipeline.inbox}{still}.")
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=waiting.fingerprint, tags={"encore/new_files": str(len(waiting.ready))})]
    )
