"""The code location: everything under `defs/`, and what holds for all of it."""

from datetime import timedelta
from pathlib import Path

import dagster as dg

from orchestration.settings import Settings
from orchestration.step_definitions import DAILY


@dg.definitions
def defs() -> dg.Definitions:
    """Load the definitions; steps of a run share one Spark session, so they run in one process."""
    found = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    settings = Settings.from_environ()
    for note in settings.notes:
        dg.get_dagster_logger().warning(note)
    policy = freshness_policy(settings.fresh_hours)
    computed = found.map_resolved_asset_specs(
        func=lambda spec: dg.apply_freshness_policy(spec, policy),
        selection=DAILY,
    )
    return dg.Definitions.merge(computed, dg.Definitions(executor=dg.in_process_executor))


def freshness_policy(hours: int) -> dg.FreshnessPolicy:
    """What every asset should keep to: every run computes all but past days, so one limit holds for all."""
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=hours), warn_window=timedelta(minutes=hours * 45))
