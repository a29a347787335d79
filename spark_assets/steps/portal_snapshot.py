"""Step `portal_snapshot`: publish features and scores as the snapshot that the portal shows."""

from dataclasses import asdict
from datetime import date
from typing import Any

from pyspark.sql import SparkSession

from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import CHURN_SCORES, USER_FEATURES
from spark_assets.lake.tables import read_daily_activity, read_table, table_info
from spark_assets.modelling import model_store
from spark_assets.publishing.customer_rows import check_key, customer_rows
from spark_assets.publishing.postgres import publisher_url
from spark_assets.publishing.publish import SnapshotFacts, publish
from spark_assets.publishing.summary import Bands, summarise
from spark_assets.secrets import secret
from spark_assets.steps.settings import StepParams, StepResult

_KEPT_BACK = ("portrait", "single_aucs", "features")


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Publish; address and key of the pseudonyms come from the environment and never travel with the params."""
    url = publisher_url()
    key = check_key(secret("ENCORE_PSEUDONYM_KEY"))
    notes = table_info(params.lake, CHURN_SCORES)
    features = read_table(spark, params.lake, USER_FEATURES)
    daily = read_daily_activity(spark, params.lake)
    scores = read_table(spark, params.lake, CHURN_SCORES)
    as_of = date.fromisoformat(str(notes["as_of"]))
    cut = Bands(notes["base_rate"], notes["band_lifts"], notes["band_floors"])
    published = publish(
        url,
        rows_of=lambda snapshot_id: customer_rows(
            features, daily, scores, snapshot_id, key, as_of=as_of, floors=cut.floors
        ),
        summarise=lambda customers: summarise(customers, cut),
        facts=_facts(params, notes),
        keep=params.keep_snapshots,
    )
    facts = asdict(published)
    del facts["summary"]["sample"]
    return StepResult(published.customer_rows, facts | {"as_of": notes["as_of"]})


def _facts(params: StepParams, notes: dict[str, Any]) -> SnapshotFacts:
    first, _ = Ledger.load(params.lake).span()
    return SnapshotFacts(
        as_of_date=date.fromisoformat(str(notes["as_of"])),
        data_from=first,
        horizon_days=int(notes["horizon_days"] or params.horizon_days),
        model_version=str(notes["model_version"]) if notes["model_version"] else None,
        model_note=str(notes["model_note"]) if notes["model_note"] else None,
        dagster_run_id=params.run_id,
        model_facts=notes["model_facts"],
        model_card=_card(params.lake, notes["model_version"]),
    )


def _card(lake: str, version: str | None) -> dict[str, Any] | None:
    """The card of the version that scored; what describes each of a hundred features stays in the lake."""
    if not version:
        return None
    return {name: value for name, value in model_store.load_card(lake, version).items() if name not in _KEPT_BACK}
