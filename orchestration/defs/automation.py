"""Runs that start by themselves: sensors of new logs and past days, and the daily fallback."""

import dagster as dg

from orchestration.defs.operations import everything, report_log_files
from orchestration.inbox import FINGERPRINT, LOG_FILES, look_into_inbox
from orchestration.pipeline import Pipeline
from orchestration.run_lock import TRIGGER, bury_the_dead, is_any_unfinished, is_portal_behind
from orchestration.settings import Settings
from orchestration.step_definitions import DAYS, LOGGED_DAY
from spark_assets.errors import MissingInboxError
from spark_assets.lake.tables import logged_days as days_in_lake

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


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Fails each run whose process is gone, after a crash of the machine for instance. The queue goes on, "
    "failure_notice tells of it, and Dagster tries the run again.",
)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look after the runs under way; starts none."""
    dead = [run.run_id[:8] for run in bury_the_dead(context.instance)]
    if dead:
        return dg.SkipReason(f"Failed, as no process computes them any more: {', '.join(dead)}.")
    return dg.SkipReason("Every run under way has a living process.")


@dg.sensor(
    job=report_log_files,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks into the inbox every minute and has log files that no batch holds reported as `log_files`, "
    "which makes every asset due. While a run is at work it waits: what that leaves behind is reported afterwards.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Have each new content of the inbox reported once.

    By a run: Dagster calls a tick that requests none `skipped`, whatever else it reports.
    """
    bury_the_dead(context.instance)
    if is_any_unfinished(context.instance):
        return dg.SkipReason("A run is at work. The inbox is looked into after it.")
    try:
        waiting = look_into_inbox(pipeline)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    if not waiting.ready:
        still = f", {waiting.unsettled} still being written" if waiting.unsettled else ""
        return dg.SkipReason(f"Nothing new in {pipeline.inbox}{still}.")
    if waiting.fingerprint == context.cursor:
        return dg.SkipReason(f"{len(waiting.ready)} files wait in {pipeline.inbox} and were reported before.")
    return dg.SensorResult(run_requests=[dg.RunRequest(tags={TRIGGER: "new log files"})], cursor=waiting.fingerprint)


new_data_sensor = dg.AutomationConditionSensorDefinition(
    "new_data_sensor",
    target=dg.AssetSelection.all(),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    run_tags={TRIGGER: "new data"},
    description="Asks every asset's condition whether it is due, and starts one run for all that are.",
)


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes a partition of past_features and past_scores for every day that daily_activity holds.",
)
def logged_days(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Add days that came, and take away days of which nothing is left."""
    known = set(context.instance.get_dynamic_partitions(LOGGED_DAY))
    logged = {day.isoformat() for day in days_in_lake(pipeline.lake)}
    if known == logged:
        return dg.SkipReason(f"All {len(logged)} days of the logs are there.")
    return dg.SensorResult(
        dynamic_partitions_requests=[
            DAYS.build_add_request(sorted(logged - known)),
            DAYS.build_delete_request(sorted(known - logged)),
        ]
    )
