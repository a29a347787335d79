"""Step `churn_scores`: the champion's probability, explained, for every customer who has not cancelled."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import RiskBand
from spark_assets.contracts.explanations import FeatureFacts, JudgedOn, ModelFacts, PreviousScores
from spark_assets.errors import MissingColumnsError
from spark_assets.features.registry import FEATURE
from spark_assets.lake.schema import CHURN_SCORES, USER_FEATURES
from spark_assets.lake.tables import preview, read_table, read_version, replace_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling.contributions import Explainer, explainer_of
from spark_assets.modelling.drift import comparable
from spark_assets.modelling.explanation import EXPLAINED, Explaining, explain
from spark_assets.modelling.pipeline import LEAST_SLOPE
from spark_assets.modelling.reasons import DoubtLimits, Teller, Topics
from spark_assets.modelling.reference_profile import (
    Portrait,
    above,
    largest,
    means_of,
    references_of,
    sample,
    stability,
)
from spark_assets.modelling.scoring import Scored, band_floors, risk_band, scores_before
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Score; without a champion the table is empty and its notes say why.

    The scores of the as-of date before stay in the lake beside the new ones, for `change`, until the date moves on.
    """
    alive = read_table(spark, params.lake, USER_FEATURES).where(F.col("cancelled_on").isNull())
    as_of = date.fromisoformat(table_info(params.lake, USER_FEATURES)["as_of"])
    before = scores_before(params.lake, as_of)
    version = model_store.champion(params.lake)
    if version:
        scores, notes = score(params, version, alive, as_of, before)
    else:
        scores, notes = _no_scores(params.lake, spark)
    notes |= {"as_of": as_of.isoformat(), "previous": before.as_dict() if before else None}
    written = replace_table(scores, params.lake, CHURN_SCORES, notes, keep=[before.folder] if before else [])
    return told(written, notes)


def score(
    params: StepParams, version: str, alive: DataFrame, as_of: date, before: Scored | None
) -> tuple[DataFrame, dict[str, Any]]:
    """Scores of `alive`, explained and in bands, by a saved model version; and what to note of them.

    Args:
        params: settings of bands and doubts.
        version: of the model.
        alive: rows of `user_features` of customers who have not cancelled.
        as_of: the day that these features are of.
        before: earlier scores to tell changes against.

    Raises:
        MissingColumnsError: `alive` lacks features of the model.
    """
    card = model_store.load_card(params.lake, version)
    _require_features(version, card["features"], alive)
    compares = before is not None and before.model_version == version
    model = model_store.load_model(params.lake, version)
    explaining = _explaining(params, version, card, model, compares)
    old = _old_scores(alive.sparkSession, params.lake, before if compares else None)
    explained = explain(model, alive, card["features"], old, explaining)
    lifts = {RiskBand.HIGH.value: params.band_high_lift, RiskBand.MEDIUM.value: params.band_medium_lift}
    base_rate = card["training"]["base_rate"]
    floors = band_floors(base_rate, lifts)
    indices = _indices(card, alive, as_of)
    shifted = {FEATURE[name].meaning: index for name, index in above(indices, params.max_psi).items()}
    since = PreviousScores(as_of=before.as_of.isoformat(), same_model=compares) if before else None
    notes = {
        "model_version": version,
        "model_note": None,
        "horizon_days": card["horizon_days"],
        "base_rate": base_rate,
        "band_lifts": lifts,
        "band_floors": floors,
        "largest_psi": largest(indices),
        "model_facts": _facts(params, card, shifted, explaining.explainer, since),
    }
    return explained.select("*", risk_band(floors).alias("risk_band")), notes


def _require_features(version: str, features: Sequence[str], alive: DataFrame) -> None:
    missing = [name for name in features if name not in alive.columns]
    if missing:
        raise MissingColumnsError(
            f"Model version {version} needs the features {', '.join(missing)}, which the table of features lacks: "
            "another version of Encore wrote one of the two. Materialize the features again (user_features, or "
            "past_features of that day); if they still lack them, materialize trained_model, or promote a version that "
            "was trained since."
        )


def told(written: DataFrame, notes: dict[str, Any]) -> StepResult:
    """What to tell of scores as they were written: the notes, and customers by band."""
    bands = {row["risk_band"]: row["count"] for row in written.groupBy("risk_band").count().collect()}
    return StepResult(written.count(), {**notes, "bands": bands}, preview(written))


def _explaining(
    params: StepParams, version: str, card: dict[str, Any], model: PipelineModel, compares: bool
) -> Explaining:
    references = references_of(version, card)
    limits = DoubtLimits(params.least_days_known, params.least_days_listened, params.outside_percent)
    return Explaining(
        explainer_of(model, model_store.model_uri(params.lake, version), means_of(references)),
        Teller(Topics(tuple(card["features"])), references, limits),
        compares,
    )


def _facts(
    params: StepParams,
    card: dict[str, Any],
    shifted: dict[str, float],
    explainer: Explainer,
    since: PreviousScores | None,
) -> ModelFacts:
    portrait: Portrait = card["portrait"]
    return ModelFacts(
        estimator=card["estimator"],
        made_on=card["made_at"][:10],
        base=explainer.base,
        features={
            name: FeatureFacts(topic=FEATURE[name].topic.value, typical=described["typical"])
            for name, described in portrait.items()
        },
        of_a_hundred=card["of_a_hundred"],
        previous=since,
        shifted=shifted,
        stale_after_days=params.stale_after_days,
        old_after_days=params.old_after_days,
        judged_on=_judged_on(card.get("metrics")),
        flattened=explainer.slope <= 2 * LEAST_SLOPE,
    )


def _judged_on(metrics: dict[str, Any] | None) -> JudgedOn | None:
    return JudgedOn(examples=metrics["examples"], leavers=metrics["leavers"]) if metrics else None


def _indices(card: dict[str, Any], alive: DataFrame, as_of: date) -> dict[str, float]:
    """Stability index of the comparable features since training, the largest first."""
    portrait: Portrait = card["portrait"]
    names = comparable(portrait, card, as_of)
    return stability({name: portrait[name] for name in names}, sample(alive, names))


def _old_scores(spark: SparkSession, lake: str, before: Scored | None) -> DataFrame:
    return read_version(spark, lake, CHURN_SCORES, before.folder) if before else spark.createDataFrame([], EXPLAINED)


def no_champion(lake: str) -> str:
    """Why there is no champion, and what brings one."""
    gone = model_store.deleted_champion(lake)
    if gone is None:
        return "No model has been trained yet: materialize trained_model."
    return (
        f"The champion {gone} is gone from the lake: launch the job promote_model with another version, or materialize "
        "trained_model for a new one."
    )


def _no_scores(lake: str, spark: SparkSession) -> tuple[DataFrame, dict[str, Any]]:
    nothing = spark.createDataFrame([], EXPLAINED).withColumn("risk_band", F.lit(None).cast("string"))
    tried = None if model_store.deleted_champion(lake) else model_store.last_attempt(lake).get("reason")
    nowhere: dict[str, Any] = {"horizon_days": None, "base_rate": None, "band_lifts": {}, "band_floors": {}}
    return nothing, {"model_version": None, "model_note": tried or no_champion(lake), "model_facts": None, **nowhere}
