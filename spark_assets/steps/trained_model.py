"""Step `trained_model`: search, fit, judge, save, and let the better of challenger and champion score."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pyspark import SparkConf
from pyspark.sql import SparkSession

from spark_assets.errors import SettingsError
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import TRAINING_EXAMPLES
from spark_assets.lake.tables import read_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling.model_card import card
from spark_assets.modelling.promotion import Verdict, decide, outdated, suspects
from spark_assets.modelling.splits import NotTrainableError
from spark_assets.modelling.training import Recipe, Trained, train
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Train on the examples as they are. Where that is not due or cannot be, say why; the champion stays.

    Raises:
        SettingsError: the cluster gives and takes executors as it goes.
    """
    require_standing_executors(spark.sparkContext.getConf())
    _, as_of = Ledger.load(params.lake).span()
    recipe = _recipe(params)
    table = read_table(spark, params.lake, TRAINING_EXAMPLES)
    early = _not_due(params, as_of, table.columns, recipe.horizon_days)
    if early:
        return _nothing_trained(params, early)
    try:
        trained = train(table, recipe)
    except NotTrainableError as error:
        model_store.note_attempt(params.lake, {"reason": str(error), "as_of": str(as_of), "version": None})
        return _nothing_trained(params, str(error))
    leaks = suspects(trained, params.max_feature_auc)
    verdict = decide(params.lake, table, trained, recipe, str(as_of), params.challenger_confidence, leaks)
    return _keep(params, trained, recipe, verdict, leaks)


def require_standing_executors(conf: SparkConf) -> None:
    """Refuse dynamic allocation before any work: XGBoost fits in barrier stages, at which Spark would end the search.

    Raises:
        SettingsError: says what to set.
    """
    on_a_cluster = not (conf.get("spark.master", "") or "").startswith("local")
    if on_a_cluster and str(conf.get("spark.dynamicAllocation.enabled")).lower() == "true":
        raise SettingsError(
            "Training needs executors that stay, since XGBoost's barrier stages do not run with dynamic allocation: "
            "set spark.dynamicAllocation.enabled to false in spark-defaults.conf, and spark.executor.instances to how "
            "many a step may take."
        )


def _recipe(params: StepParams) -> Recipe:
    """The settings; the horizon is that of the examples."""
    return Recipe(
        horizon_days=table_info(params.lake, TRAINING_EXAMPLES)["horizon_days"],
        cut_off_every_days=params.cut_off_every_days,
        validation_folds=params.validation_folds,
        choose_by=params.choose_by,
        tie_percent=params.tie_percent,
        bootstrap_replicates=params.bootstrap_replicates,
        band_high_lift=params.band_high_lift,
        band_medium_lift=params.band_medium_lift,
        seed=params.seed,
    )


def _not_due(params: StepParams, as_of: date, columns: Sequence[str], horizon_days: int) -> str | None:
    """Why no training is due, if so. Days are those of the logs; without a champion that can go on it always is."""
    version = model_store.champion(params.lake)
    if version is None or not params.retrain_every_days:
        return None
    if outdated(model_store.load_card(params.lake, version), columns, horizon_days):
        return None
    attempted = model_store.last_attempt(params.lake).get("version")
    # one whose folder was deleted, as the text of a damaged file advises, counts as never trained
    newest = attempted if attempted and model_store.is_saved(params.lake, attempted) else version
    trained = model_store.load_card(params.lake, newest)
    days = (as_of - date.fromisoformat(trained["as_of"])).days
    # negative after late days were withdrawn: the model has learned from logs that are no more
    if trained["horizon_days"] != horizon_days or not 0 <= days < params.retrain_every_days:
        return None
    return (
        f"Training is not due: version {trained['version']} was trained on logs that end {days} days earlier, and "
        f"retrain_every_days is {params.retrain_every_days}. With 0 the next run trains."
    )


def _nothing_trained(params: StepParams, reason: str) -> StepResult:
    facts = {"trained": False, "promoted": False, "reason": reason, "champion": model_store.champion(params.lake)}
    return StepResult(rows=0, facts=facts)


def _keep(
    params: StepParams, trained: Trained, recipe: Recipe, verdict: Verdict, leaks: dict[str, float]
) -> StepResult:
    first, as_of = Ledger.load(params.lake).span()
    version = model_store.new_version(params.lake, as_of)
    place = {"version": version, "run_id": params.run_id, "data_from": str(first), "as_of": str(as_of)}
    judged_so = {"promoted": verdict.promoted, "why": verdict.why, "comparison": verdict.comparison}
    written = {**place, **card(trained, recipe), **judged_so, "retrain_every_days": params.retrain_every_days}
    model_store.save(params.lake, version, trained.model, trained.judged, written)
    if verdict.promoted:
        model_store.make_champion(params.lake, version)
    reason = None if verdict.promoted else verdict.why
    attempt = {"reason": reason, "as_of": str(as_of), "version": version, "leaks": leaks}
    model_store.note_attempt(params.lake, {**attempt, "unchanged": verdict.unchanged})
    # Each figure for itself as well, so that Dagster draws it over time.
    figures = {f"evaluation_{name}": value for name, value in (written["metrics"] or {}).items() if name != "intervals"}
    told = {name: value for name, value in written.items() if name not in ("portrait", "single_aucs")}
    facts = {"trained": True, "reason": reason, "champion": model_store.champion(params.lake), **told, **figures}
    return StepResult(rows=int(trained.training["examples"]), facts=facts, preview=_flat(trained.candidates))


def _flat(candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The candidates as rows to look at: figures rounded, folds left to the card."""
    return [
        {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items() if name != "folds"}
        for row in candidates
    ]
