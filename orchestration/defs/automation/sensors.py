"""New logs lead to fresh scores: a sensor has them reported, and the assets' own conditions ask for the rest."""

import dagster as dg

from orchestration.defs.automation.jobs import report_log_files
from orchestration.inbox import look_into_inbox
from orchestration.launches import TRIGGER, bury_the_dead, is_any_unfinished
from orchestration.pipeline import Pipeline
from spark_assets.errors import MissingInboxError


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
