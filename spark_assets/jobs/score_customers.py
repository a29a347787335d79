"""Step `churn_scores`: the champion's probability for every customer who has not cancelled."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CHURN_SCORES, USER_FEATURES, USER_ID
from spark_assets.contracts import RiskBand
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.jobs.preview import preview
from spark_assets.lake import read_table, replace_table, table_info
from spark_assets.modelling import store
from spark_assets.modelling.score import PROBABILITY, band_floors, risk_band, with_probability


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Score; without a champion the table is empty and its notes say why."""
    alive = read_table(spark, params.lake, USER_FEATURES).where(F.col("cancelled_on").isNull())
    version = store.champion(params.lake)
    scores, notes = _score(params, version, alive) if version else _no_scores(params.lake, alive)
    notes["as_of"] = table_info(params.lake, USER_FEATURES)["as_of"]
    written = replace_table(scores, params.lake, CHURN_SCORES, notes)
    bands = {row["risk_band"]: row["count"] for row in written.groupBy("risk_band").count().collect()}
    return StepResult(written.count(), {**notes, "bands": bands}, preview(written))


def _score(params: StepParams, version: str, alive: DataFrame) -> tuple[DataFrame, dict[str, Any]]:
    card = store.load_card(params.lake, version)
    scored = with_probability(store.load_model(params.lake, version), alive)
    lifts = {RiskBand.HIGH.value: params.band_high_lift, RiskBand.MEDIUM.value: params.band_medium_lift}
    base_rate = card["training"]["base_rate"]
    notes = {
        "model_version": version,
        "model_note": None,
        "horizon_days": card["horizon_days"],
        "base_rate": base_rate,
        "band_lifts": lifts,
        "band_floors": band_floors(base_rate, lifts),
    }
    return scored.select(USER_ID, PROBABILITY, risk_band(notes["band_floors"]).alias("risk_band")), notes


def _no_scores(lake: str, alive: DataFrame) -> tuple[DataFrame, dict[str, Any]]:
    nothing = alive.where(F.lit(False)).select(
        USER_ID, F.lit(None).cast("double").alias(PROBABILITY), F.lit(None).cast("string").alias("risk_band")
    )
    reason = store.last_attempt(lake).get("reason") or "No model has been trained yet: materialize trained_model."
    nowhere: dict[str, Any] = {"horizon_days": None, "base_rate": None, "band_lifts": {}, "band_floors": {}}
    return nothing, {"model_version": None, "model_note": reason, **nowhere}
