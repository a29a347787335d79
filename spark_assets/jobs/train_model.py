"""Step `trained_model`: search, fit, evaluate, save."""

from datetime import UTC, date, datetime
from typing import Any

from pyspark.sql import SparkSession

from spark_assets.columns import TRAINING_EXAMPLES
from spark_assets.ingest.ledger import Ledger
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.lake import read_table, table_info
from spark_assets.modelling import store
from spark_assets.modelling.train import NotTrainableError, Trained, train


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Train on the examples as they are. Where that cannot be, say why and keep the champion, if there is one."""
    info = table_info(params.lake, TRAINING_EXAMPLES)
    cut_offs = [date.fromisoformat(day) for day in info["cut_offs"]]
    try:
        trained = train(read_table(spark, params.lake, TRAINING_EXAMPLES), cut_offs, info["horizon_days"], params.seed)
    except NotTrainableError as error:
        store.note_attempt(params.lake, str(error))
        facts = {"trained": False, "reason": str(error), "champion": store.champion(params.lake)}
        return StepResult(rows=0, facts=facts)
    return _keep(params, trained, info["horizon_days"])


def _keep(params: StepParams, trained: Trained, horizon_days: int) -> StepResult:
    first, as_of = Ledger.load(params.lake).span()
    version = store.new_version(params.lake, as_of)
    card = _card(version, params, trained, horizon_days) | {"data_from": str(first), "as_of": str(as_of)}
    store.save(params.lake, version, trained.model, card)
    store.make_champion(params.lake, version)
    store.note_attempt(params.lake, None)
    # Each metric for itself as well, so that Dagster draws it over time.
    metrics = {f"evaluation_{name}": value for name, value in (card["metrics"] or {}).items()}
    facts = {"trained": True, **card, **metrics}
    return StepResult(rows=int(trained.training["examples"]), facts=facts, preview=trained.search)


def _card(version: str, params: StepParams, trained: Trained, horizon_days: int) -> dict[str, Any]:
    return {
        "version": version,
        "made_at": datetime.now(UTC).isoformat(),
        "run_id": params.run_id,
        "seed": params.seed,
        "horizon_days": horizon_days,
        "estimator": trained.chosen.name,
        "settings": trained.chosen.settings,
        "training_cut_offs": [str(day) for day in trained.split.training],
        "evaluation_cut_off": str(trained.split.evaluation),
        "training": trained.training,
        "metrics": trained.metrics.as_dict() if trained.metrics else None,
        "search": trained.search,
        "features": trained.features,
    }
