"""A run that failed is told: to readers of the portal, and to whom the environment names."""

import dagster as dg

from orchestration.failures import causes_of, tell_portal_of
from orchestration.launches import TRIGGER
from orchestration.notices.sending import Notice, tell
from orchestration.notices.settings import NoticeSettings

_NOTICES = NoticeSettings.from_environ()


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING if _NOTICES.is_on else dg.DefaultSensorStatus.STOPPED,
    description="Tells by mail (ENCORE_NOTICE_MAIL_TO) and webhook (ENCORE_NOTICE_WEBHOOK) which run failed, where "
    "and why. Off while the environment names nobody.",
)
def failure_notice(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of one failed run."""
    settings = NoticeSettings.from_environ()
    if not settings.is_on:
        return dg.SkipReason("Neither ENCORE_NOTICE_MAIL_TO nor ENCORE_NOTICE_WEBHOOK names anybody.")
    tell(notice_of(context, settings.dagster_url), settings)
    return None


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Has the portal say that the run failed and that it shows the snapshot before, until one succeeds.",
)
def portal_notice(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    """Tell the portal of one failed run that was to publish."""
    return dg.SkipReason(tell_portal_of(context.instance, context.dagster_run.run_id))


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
