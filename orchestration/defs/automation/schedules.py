"""The fallback: once a day, what the sensors should have done is made up for."""

import dagster as dg

from orchestration.defs.automation.jobs import everything
from orchestration.inbox import FINGERPRINT, LOG_FILES, look_into_inbox
from orchestration.launches import TRIGGER, bury_the_dead, is_any_unfinished, is_portal_behind
from orchestration.pipeline import Pipeline
from orchestration.settings import Settings
from spark_assets.errors import MissingInboxError

_INPUT = dg.AssetKey("cleaned_events")
_INBOX = "encore/inbox"
"""Tag of a run: the fingerprint of the log files that waited when it was asked for."""

_MOST_NAMES = 5
_SETTINGS = Settings.from_environ()


@dg.schedule(
    job=everything,
    cron_schedule=_SETTINGS.fallback_cron,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    tags={TRIGGER: "daily fallback"},
    description="Runs `everything` when logs wait or the portal is behind the lake: after a failed run, or when a "
    "sensor was switched off. Else it does nothing." + "".join(f" {note}" for note in _SETTINGS.notes),
)
def daily_fallback(context: dg.ScheduleEvaluationContext, pipeline: Pipeline) -> dg.RunRequest | dg.SkipReason:
    """Request a run unless all is done, or about to be."""
    bury_the_dead(context.instance)
    if is_any_unfinished(context.instance):
        return dg.SkipReason("A run is at work.")
    try:
        waiting = look_into_inbox(pipeline)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    tags = {_INBOX: waiting.fingerprint}
    if not is_portal_behind(context.instance):
        if not waiting.ready:
            return dg.SkipReason("No log file waits, and the portal shows all that was ingested.")
        if _were_left(context.instance, waiting.fingerprint):
            return dg.SkipReason(
                f"A run has read these {len(waiting.ready)} files and left them, as they are damaged: "
                f"{', '.join(waiting.ready[:_MOST_NAMES])}. Put whole ones in their place."
            )
    return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat(), tags=tags)


def _were_left(instance: dg.DagsterInstance, fingerprint: str) -> bool:
    """Whether a run ended well that had found the same files waiting: a further one would read them in vain again.

    Runs of the fallback carry the fingerprint of the files; those of the sensor follow its report of `log_files`.
    """
    succeeded = dg.RunsFilter(tags={_INBOX: fingerprint}, statuses=[dg.DagsterRunStatus.SUCCESS])
    if instance.get_runs(succeeded, limit=1):
        return True
    reported, ingested = (instance.fetch_materializations(key, limit=1).records for key in (LOG_FILES, _INPUT))
    if not reported or not ingested or ingested[0].storage_id < reported[0].storage_id:
        return False
    told = reported[0].asset_materialization
    return told is not None and told.metadata.get(FINGERPRINT) == dg.MetadataValue.text(fingerprint)
