"""What is done to batches by hand."""

import dagster as dg
from pydantic import Field

from orchestration.metadata import facts_of
from orchestration.pipeline import Pipeline


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
