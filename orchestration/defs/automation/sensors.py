"""New logs lead to fresh scores: a sensor reports them, and the assets' own conditions ask for the rest."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.launches import TRIGGER, bury_the_dead, is_any_unfinished
from orchestration.pipeline import Pipeline
from spark_assets.jobs.errors import MissingInboxError
from spark_assets.jobs.inbox import Waiting, waiting_files

QUIET = timedelta(seconds=60)
"""A file untouched for so long counts as whole; uploads that pause longer should use a temporary name (`.part`)."""

_MOST_NAMES = 20
"""Of waiting files in an event; the inbox may hold thousands."""


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks into the inbox every minute and reports log files that no batch holds as `log_files`, which "
    "makes every asset due. While a run is at work it waits: what that leaves behind is reported afterwards.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, pipeline: Pipeline) -> dg.SensorResult | dg.SkipReason:
    """Report each new content of the inbox once."""
    bury_the_dead(context.instance)
    if is_any_unfinished(context.instance):
        return dg.SkipReason("A run is at work. The inbox is looked into after it.")
    try:
        waiting = waiting_files(pipeline.inbox, pipeline.lake, datetime.now(UTC), QUIET)
    except MissingInboxError as error:
        return dg.SkipReason(str(error))
    if not waiting.ready:
        still = f", {waiting.unsettled} still being written" if waiting.unsettled else ""
        return dg.SkipReason(f"Nothing new in {pipeline.inbox}{still}.")
    if waiting.fingerprint == context.cursor:
        return dg.SkipReason(f"{len(waiting.ready)} files wait in {pipeline.inbox} and were reported before.")
    return dg.SensorResult(asset_events=[_report(waiting)], cursor=waiting.fingerprint)


def _report(waiting: Waiting) -> dg.AssetMaterialization:
    names = "\n".join(f"- `{name}`" for name in waiting.ready[:_MOST_NAMES])
    more = len(waiting.ready) - _MOST_NAMES
    return dg.AssetMaterialization(
        "log_files",
        metadata={
            "files": len(waiting.ready),
            "unsettled": waiting.unsettled,
            "names": dg.MetadataValue.md(names + (f"\n- and {more} more" if more > 0 else "")),
        },
    )


new_data_sensor = dg.AutomationConditionSensorDefinition(
    "new_data_sensor",
    target=dg.AssetSelection.all(),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    run_tags={TRIGGER: "new data"},
    description="Asks every asset's condition whether it is due, and starts one run for all that are.",
)
