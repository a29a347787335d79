"""Step `churn_scores`: the champion's probability for every customer who has not cancelled."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CHURN_SCORES, USER_FEATURES, USER_ID
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.jobs.preview import preview
from spark_assets.lake import read_table, replace_table, table_info
from spark_assets.modelling import store
from spark_assets.modelling.evaluate import PROBABILITY
from spark_assets.modelling.score import band_floors, risk_band, with_probability


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Score; without a champion the table is empty and its notes say why."""
    alive = read_table(spark, params.lake, USER_FEATURES).where(F.col("cancelled_on").isNull())
    version = store.champion(params.lake)
    scores, notes = _score(params.lake, version, alive) if version else _no_scores(params.lake, alive)
    notes["as_of"] = table_info(params.lake, USER_FEATURES)["as_of"]
    written = replace_table(scores, params.lake, CHURN_SCORES, notes)
    bands = {row["risk_band"]: row["count"] for row in written.groupBy("risk_band").count().collect()}
    return StepResult(written.count(), {**notes, "bands": bands}, preview(written))


def _score(lake: str, version: str, alive: DataFrame) -> tuple[DataFrame, dict[str, Any]]:
    card = store.load_card(lake, version)
    base_rate = card["training"]["base_rate"]
    scored = with_probability(store.load_model(lake, version), alive)
    notes = {
        "model_version": version,
        "model_note": None,
        "horizon_days": card["horizon_days"],
        "band_floors": band_floors(base_rate),
    }
    return scored.select(USER_ID, PROBABILITY, risk_band(base_rate).alias("risk_band")), notes


def _no_scores(lake: str, alive: DataFrame) -> tuple[DataFrame, dict[str, Any]]:
    nothing = alive.where(F.lit(False)).select(
        USER_ID, F.lit(None).cast("double").alias(PROBABILITY), F.lit(None).cast("string").alias("risk_band")
    )
    reason = store.last_reason(lake) or "No model has been trained yet: materialize trained_model."
    return nothing, {"model_version": None, "model_note": reason, "horizon_days": None, "band_floors": {}}
