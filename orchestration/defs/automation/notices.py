"""A run that failed is told to people, when the environment says whom."""

import dagster as dg

from orchestration.launches import TRIGGER
from orchestration.notices.sending import Notice, tell
from orchestration.notices.settings import NoticeSettings
from orchestration.progress import failure_text

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


def notice_of(context: dg.RunFailureSensorContext, dagster_url: str) -> Notice:
    """What there is to say of a failed run: the steps, their errors' own words, and where to look."""
    run = context.dagster_run
    steps = {str(event.step_key): failure_text(event) for event in context.get_step_failure_events()}
    causes = [f"{step}: {text}" for step, text in steps.items()] or [context.failure_event.message or "no reason given"]
    link = f"{dagster_url}/runs/{run.run_id}" if dagster_url else f"run {run.run_id}"
    lines = [*causes, "", "The portal goes on showing the snapshot before.", f"Dagster: {link}"]
    facts = {
        "run_id": run.run_id,
        "job": run.job_name,
        "trigger": run.tags.get(TRIGGER, "Dagster's UI"),
        "failed_steps": ", ".join(steps),
    }
    return Notice(f"Encore: the run {run.run_id[:8]} failed", "\n".join(lines), facts)
