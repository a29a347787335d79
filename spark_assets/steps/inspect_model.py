"""Steps that only look at the model and its scores: the facts that asset checks judge, beside the settings' limits."""

from datetime import date
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.lake.schema import CHURN_SCORES, USER_FEATURES, USER_ID
from spark_assets.lake.tables import read_table, table_info
from spark_assets.modelling import model_store
from spark_assets.modelling.drift import comparable
from spark_assets.modelling.explanation import not_adding_up
from spark_assets.modelling.reference_profile import above, largest, sample, stability
from spark_assets.modelling.scoring import PROBABILITY
from spark_assets.publishing.postgres import mean_probability, publisher_url
from spark_assets.steps.inspect_tables import keys
from spark_assets.steps.settings import StepParams, StepResult

_SHOWN = 10


def trained_model(spark: SparkSession, params: StepParams) -> StepResult:
    """The champion's figures on its judging window, and leaks that the last training met."""
    version = model_store.champion(params.lake)
    attempt = model_store.last_attempt(params.lake)
    card = model_store.load_card(params.lake, version) if version else {}
    limits = ("max_feature_auc", "suspicious_auc", "max_calibration_error", "max_calibration_ratio")
    facts = {
        "champion": version,
        "reason": attempt.get("reason"),
        "attempted": attempt.get("version"),
        "unchanged": attempt.get("unchanged", False),
        "leaks": attempt.get("leaks", {}),
        **_skill(card),
        **{name: getattr(params, name) for name in limits},
    }
    return StepResult(int(version is not None), facts)


def _skill(card: dict[str, Any]) -> dict[str, Any]:
    """Figures and their intervals; None for whatever the judging window could not tell."""
    metrics = card.get("metrics") or {}
    intervals = metrics.get("intervals", {})
    names = ("base_rate", "mean_probability", "roc_auc", "pr_auc", "brier", "brier_no_skill", "ece")
    baseline = card.get("baselines", {}).get("events per day alone", {})
    return {
        **{name: metrics.get(name) for name in names},
        "examples": metrics.get("examples", 0),
        "leavers": metrics.get("leavers", 0),
        "level_leavers": _level_leavers(card),
        "intervals": {name: intervals.get(name) for name in ("roc_auc", "pr_auc", "ece")},
        "events_per_day_pr_auc": baseline.get("pr_auc"),
    }


def _level_leavers(card: dict[str, Any]) -> float:
    """Leavers that told the level of the calibration, each counted once although label windows overlap."""
    # cards of earlier releases know no level of their own
    level = card.get("level", {"cut_offs": card.get("training_cut_offs", []), **card.get("fitting", {})})
    recipe = card.get("recipe", {})
    overlap = recipe["horizon_days"] / recipe["cut_off_every_days"] if recipe else 1.0
    return float(level.get("leavers", 0) / max(min(overlap, len(level["cut_offs"])), 1.0))


def churn_scores(spark: SparkSession, params: StepParams) -> StepResult:
    """Rows, customers, probabilities outside [0, 1], sums, the mean beside the last snapshot's, drift."""
    table = read_table(spark, params.lake, CHURN_SCORES)
    indices = _indices(spark, params, table_info(params.lake, CHURN_SCORES))
    probability = F.col(PROBABILITY)
    outside = table.where(probability.isNull() | F.isnan(probability) | (probability < 0) | (probability > 1))
    result = keys(table, USER_ID)
    # not whose they are: Dagster keeps what it shows, and knows no customer
    offending = [str(row[PROBABILITY]) for row in outside.select(PROBABILITY).limit(5).collect()]
    row = table.agg(F.avg(PROBABILITY).alias("mean")).first()
    notes = table_info(params.lake, CHURN_SCORES)
    facts = {
        "outside": outside.count(),
        "offending": offending,
        "mean_probability": row["mean"] if row else None,
        "last_mean_probability": mean_probability(publisher_url(), notes["horizon_days"]),
        "max_score_ratio": params.max_score_ratio,
        "drifted": dict(list(above(indices, params.max_psi).items())[:_SHOWN]),
        "largest_psi": largest(indices),
        "max_psi": params.max_psi,
        "model_version": notes["model_version"],
    }
    model = notes["model_facts"]
    return StepResult(result.rows, {**result.facts, **facts, **not_adding_up(table, model["base"] if model else 0.0)})


def _indices(spark: SparkSession, params: StepParams, notes: dict[str, Any]) -> dict[str, float]:
    """Stability index of each comparable feature since the training of the version that scored, the largest first."""
    if notes["model_version"] is None:
        return {}
    card = model_store.load_card(params.lake, notes["model_version"])
    names = comparable(card["portrait"], card, date.fromisoformat(notes["as_of"]))
    now = read_table(spark, params.lake, USER_FEATURES).where(F.col("cancelled_on").isNull())
    return stability({name: card["portrait"][name] for name in names}, sample(now, names))
