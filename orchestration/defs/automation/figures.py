"""Figures of the pipeline are handed to Prometheus, when the environment says where."""

import dagster as dg

from orchestration.figures.handing_over import FiguresSettings, hand_over
from orchestration.figures.reading import registry_of


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
