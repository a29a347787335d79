"""Jobs: everything, and operations on batches and models by hand."""

import dagster as dg
from pydantic import Field

from orchestration.inbox import LOG_FILES
from orchestration.metadata import facts_of
from orchestration.pipeline import Pipeline
from orchestration.step_definitions import DAILY

everything = dg.define_asset_job(
    "everything",
    selection=DAILY,
    description="Ingest what is new in the inbox, compute every asset, train, score and publish to the portal.",
    tags={"encore/job": "everything"},
)

report_log_files = dg.define_asset_job(
    "report_log_files",
    selection=dg.AssetSelection.assets(LOG_FILES),
    description="Report the log files in the inbox that no batch holds, which makes every asset due. Takes seconds.",
)


class Withdrawal(dg.Config):
    """Which batch is taken out of the lake."""

    batch: int = Field(description="Number of the batch, as a damaged file's error and the ledger name it.")


@dg.op(description="Takes a batch out of the lake. Materialize everything afterwards: its files are ingested anew.")
def withdraw(context: dg.OpExecutionContext, config: Withdrawal, pipeline: Pipeline) -> None:
    """Withdraw one batch, and those that go on where its files ended."""
    result, _ = pipeline.run("withdraw_batch", context, batch=config.batch)
    context.log_event(dg.AssetObservation("cleaned_events", metadata=facts_of(result)))


@dg.job(description="Take a batch with damaged files out of the lake: say which in the op's config, `batch`.")
def withdraw_batch() -> None:
    """Withdraw one batch."""
    withdraw()


class Promotion(dg.Config):
    """Which version scores from now on."""

    version: str = Field(description="A saved model version, as its card and trained_model's metadata name it.")


@dg.op(description="Makes a saved version the champion. Materialize churn_scores and portal_snapshot afterwards.")
def promote(context: dg.OpExecutionContext, config: Promotion, pipeline: Pipeline) -> None:
    """Move the champion's pointer to a saved version, by hand."""
    result, _ = pipeline.run("promote_model", context, version=config.version)
    context.log_event(dg.AssetObservation("trained_model", metadata=facts_of(result)))


@dg.job(description="Make any saved model version the champion: say which in the op's config, `version`.")
def promote_model() -> None:
    """Promote one version."""
    promote()
