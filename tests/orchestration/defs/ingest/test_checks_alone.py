"""Checks of a real lake, run alone: Spark looks at what is stored, and nothing is ingested anew."""

from pathlib import Path

import dagster as dg
from dagster_pyspark import LazyPySparkResource
from pyspark.sql import SparkSession

from orchestration.compute.base import LocalCompute
from orchestration.defs.checks.ingest import cleaned_events_checks
from orchestration.pipeline import Pipeline
from spark_assets.lake.ledger import Ledger
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import drop, line, text


def checked(params: StepParams, *names: str, **settings: int) -> dict[str, dg.AssetCheckEvaluation]:
    """Run some checks of `cleaned_events` alone, by name."""
    compute = LocalCompute(pyspark=LazyPySparkResource(spark_config={}))
    resources = {"pipeline": Pipeline(compute=compute, inbox=params.inbox, lake=params.lake, **settings)}
    keys = [dg.AssetCheckKey(dg.AssetKey("cleaned_events"), name) for name in names]
    job = dg.define_asset_job("alone", dg.AssetSelection.checks(*keys))
    here = dg.Definitions(asset_checks=[cleaned_events_checks], jobs=[job], resources=resources)
    done = here.resolve_job_def("alone").execute_in_process(raise_on_error=False)
    return {found.check_name: found for found in done.get_asset_check_evaluations()}


def test_a_check_alone_judges_the_stored_batch_by_the_settings_of_its_run(spark: SparkSession, tmp_path: Path) -> None:
    params = StepParams(inbox=str(tmp_path / "inbox"), lake=str(tmp_path / "lake"), quiet_seconds=0)
    good = [line(song=str(number)) for number in range(8)]
    drop(tmp_path / "inbox", "a.json", text([*good, b"{oops", b"{oops"]))
    run_step("ingest_logs", spark, params)
    drop(tmp_path / "inbox", "b.json", text([b"{later"]))
    found = checked(params, "few_in_quarantine", "counts_add_up")
    assert set(found) == {"few_in_quarantine", "counts_add_up"}
    assert not found["few_in_quarantine"].passed
    told = str(found["few_in_quarantine"].description)
    assert told.startswith("Of the newest batch 20 % of the lines and ")
    assert "Most bad lines: a.json: broken JSON, 2 lines. " in told
    assert found["counts_add_up"].description == (
        "The files hold 8 events and 2 bad lines; the ledger says 10 lines read = 8 kept + 0 repeated + 0 logged out "
        "+ 2 quarantined + 0 erased."
    )
    assert checked(params, "few_in_quarantine", max_quarantine_percent=20)["few_in_quarantine"].passed
    assert len(Ledger.load(params.lake).batches) == 1
