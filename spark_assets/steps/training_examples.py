"""Step `training_examples`: features at past cut-offs, with what came of them."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.features.point_in_time import features_at, rolling_cut_offs, seen_within, with_label
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import CUT_OFF, LABEL, TRAINING_EXAMPLES
from spark_assets.lake.tables import preview, read_daily_activity, replace_table
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Compute and write; an empty table when the logs are too short for one whole horizon."""
    first, last = Ledger.load(params.lake).span()
    cut_offs = rolling_cut_offs(first, last, params.horizon_days, params.cut_off_every_days, params.history_days)
    daily = read_daily_activity(spark, params.lake)
    # Without any cut-off the schema still comes from the same code, with no row in it.
    features = features_at(daily, cut_offs or [first])
    examples = with_label(seen_within(features, params.look_back_days), daily, params.horizon_days)
    notes = {"horizon_days": params.horizon_days, "cut_offs": [day.isoformat() for day in cut_offs]}
    written = replace_table(examples, params.lake, TRAINING_EXAMPLES, notes)
    return StepResult(written.count(), {**notes, "leavers": _leavers(written)}, preview(written))


def _leavers(examples: DataFrame) -> dict[str, int]:
    """Examples with label 1 by cut-off."""
    rows = examples.groupBy(CUT_OFF).agg(F.sum(LABEL).cast("long").alias("leavers")).orderBy(CUT_OFF).collect()
    return {row[CUT_OFF].isoformat(): row["leavers"] for row in rows}
