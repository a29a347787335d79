"""The fallback: once a day, what the sensors should have done is made up for."""

from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.automation.jobs import everything
from orchestration.defs.automation.sensors import QUIET
from orchestration.failures import PUBLISHED
from orchestration.launches import TRIGGER, bury_the_dead, is_any_unfinished
from orchestration.pipeline import Pipeline
from orchestration.settings import Settings
from spark_assets.jobs.errors import MissingInboxError
from spark_assets.jobs.inbox import waiting_files

_INPUT = dg.AssetKey("cleaned_events")


@dg.schedule(
    job=everything,
    cron_schedule=Settings.from_environ().fallback_cron,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    tags={TRIGGER: "daily fallback"},
    description="Runs `everything` when logs wait or the portal is behind the lake: after a failed run, or when a "
    "sensor was switched off. Else it does nothing.",
)
def daily_fallback(context: dg.ScheduleEvaluationContext, pipeline: Pipeline) -> dg.RunRequest | dg.SkipReason:
    """Request a run unless all is done, or about to be."""
    bury_the_dead(context.instance)
    if is_any_unfinished(context.instance):
        return dg.SkipReason("A run is at work.")
    try:
        waiting = waiting_files(pipeline.inbox, pipeline.lake, datetime.now(UTC), QUIET)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    if not waiting.ready and not _is_behind(context.instance):
        return dg.SkipReason("No log file waits, and the portal shows all that was ingested.")
    return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat())


def _is_behind(instance: dg.DagsterInstance) -> bool:
    """Whether events were ingested after the snapshot was published."""
    # By their places in the log, not by their times: a clock that was set in between would tell it wrong.
    ingested, published = (instance.fetch_materializations(key, limit=1).records for key in (_INPUT, PUBLISHED))
    return bool(ingested) and (not published or published[0].storage_id < ingested[0].storage_id)
