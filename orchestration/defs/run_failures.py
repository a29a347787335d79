"""Sensors that report failed runs and files left out, and deliver metrics."""

import hashlib
import json
from collections.abc import Mapping

import dagster as dg

from orchestration.metrics import FiguresSettings, hand_over, registry_of
from orchestration.notifications import Notice, NoticeSettings, NotToldError, tell
from orchestration.pipeline import Pipeline
from orchestration.run_lock import TRIGGER
from orchestration.run_output import causes_of, tell_portal_of
from spark_assets.errors import MissingInboxError
from spark_assets.ingest.inbox import left_out_files
from spark_assets.publishing.run_status import TOLD

_NOBODY = "Neither ENCORE_NOTICE_MAIL_TO nor ENCORE_NOTICE_WEBHOOK names anybody."
_SEEN = "seen"
"""Key of the cursor: the list of the last look. The other keys are channels, with the list that each was told."""

_MAX_NAMES = 20
"""Of files in a notice; the inbox may hold thousands."""


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING if NoticeSettings.is_wanted() else dg.DefaultSensorStatus.STOPPED,
    description="Tells by mail (ENCORE_NOTICE_MAIL_TO) and webhook (ENCORE_NOTICE_WEBHOOK) which run failed, where "
    "and why. Off while the environment names nobody; a mistyped variable fails its ticks, which name it.",
)
def failure_notice(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of one failed run.

    Raises:
        BadNoticeSettingsError: a variable is mistyped. The tick fails with it, and is tried again once that is mended.
    """
    settings = NoticeSettings.from_environ()
    if not settings.is_on:
        return dg.SkipReason(_NOBODY)
    tell(notice_of(context, settings.dagster_url), settings)
    return None


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING if NoticeSettings.is_wanted() else dg.DefaultSensorStatus.STOPPED,
    description="Tells by mail and webhook which files in the inbox are not ingested, and why: damaged, still being "
    "written at the last run, or passed over. Once for each change of the list; off while the environment names "
    "nobody.",
)
def file_notice(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Tell each channel of the files left out, once they are the same in two looks; starts no run.

    Raises:
        BadNoticeSettingsError: a variable is mistyped. The tick fails with it.
    """
    settings = NoticeSettings.from_environ()
    if not settings.is_on:
        return dg.SkipReason(_NOBODY)
    try:
        files = left_out_files(pipeline.inbox, pipeline.lake)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    current = _fingerprint(files)
    cursor: dict[str, str] = json.loads(context.cursor or "{}")
    due = {
        name: channel
        for name, channel in settings.channels().items()
        if cursor.get(_SEEN) == current != cursor.get(name, _fingerprint({}))
    }
    cursor[_SEEN] = current
    failures = []
    for name, channel in due.items():
        try:
            tell(_notice_of_files(files, pipeline.inbox, settings.dagster_url), channel)
            cursor[name] = current
        except NotToldError as error:
            failures.append(str(error))
    return dg.SensorResult(
        cursor=json.dumps(cursor),
        skip_reason=" ".join([*failures, "It is tried again at the next look."])
        if failures
        else f"{len(files)} files in {pipeline.inbox} are not ingested; {'told' if due else 'nothing new to tell'}.",
    )


def _fingerprint(files: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def _notice_of_files(files: Mapping[str, str], inbox: str, dagster_url: str) -> Notice:
    lines = [f"{name}: {reason}" for name, reason in list(files.items())[:_MAX_NAMES]]
    if len(files) > _MAX_NAMES:
        lines.append(f"and {len(files) - _MAX_NAMES} more")
    advice = "Put whole copies in place of damaged files, and rename or remove the others. All else is ingested."
    text = (
        [f"Inbox: {inbox}", "", *lines, "", advice]
        if files
        else [f"Inbox: {inbox}", "", "No file is left out any more."]
    )
    if dagster_url:
        text.append(f"Dagster: {dagster_url}/assets/cleaned_events")
    return Notice(f"Encore: files not ingested: {len(files)}", "\n".join(text), {"left_out_files": str(len(files))})


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Has the portal say that the run failed and that it shows the snapshot before, until one succeeds.",
)
def portal_notice(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell the portal of one failed run that was to publish; the tick is a success if it was told."""
    said = tell_portal_of(context.instance, context.dagster_run.run_id)
    return None if said == TOLD else dg.SkipReason(said)


def notice_of(context: dg.RunFailureSensorContext, dagster_url: str) -> Notice:
    """What there is to say of a failed run: the steps, their errors' own words, and where to look."""
    run = context.dagster_run
    failures = context.get_step_failure_events()
    causes = causes_of(failures, context.failure_event.message)
    link = f"{dagster_url}/runs/{run.run_id}" if dagster_url else f"run {run.run_id}"
    lines = [*causes, "", "The portal goes on showing the snapshot before.", f"Dagster: {link}"]
    facts = {
        "run_id": run.run_id,
        "job": run.job_name,
        "trigger": run.tags.get(TRIGGER, "Dagster's UI"),
        "failed_steps": ", ".join(str(event.step_key) for event in failures),
    }
    return Notice(f"Encore: the run {run.run_id[:8]} failed", "\n".join(lines), facts)


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING if FiguresSettings.is_wanted() else dg.DefaultSensorStatus.STOPPED,
    description="Hands rows, seconds and times of assets, results of checks and ends of runs to Prometheus each "
    "minute: as a file (ENCORE_PIPELINE_METRICS_FILE) or to a Pushgateway (ENCORE_PUSHGATEWAY). Off while the "
    "environment names neither.",
)
def pipeline_figures(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Hand the figures over; starts no run.

    Raises:
        BadFiguresSettingsError: a variable is mistyped. The tick fails with it.
    """
    settings = FiguresSettings.from_environ()
    if not settings.is_on:
        return dg.SkipReason("Neither ENCORE_PIPELINE_METRICS_FILE nor ENCORE_PUSHGATEWAY says where to.")
    if context.repository_def is None:
        return dg.SkipReason("Asked outside of a code location, which alone knows the assets.")
    hand_over(registry_of(context.repository_def, context.instance), settings)
    return dg.SkipReason("Handed over.")
