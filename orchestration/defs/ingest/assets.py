"""From log files to sums per customer and day."""

from collections.abc import Iterator

import dagster as dg

from orchestration.conditions import on_new_data
from orchestration.inbox import LOG_FILES, describe_waiting, look_into_inbox
from orchestration.metadata import describe, fact
from orchestration.pipeline import Pipeline
from orchestration.step_assets import OWNERS, step_asset
from spark_assets.errors import EncoreError


@dg.asset(
    key=LOG_FILES,
    description="Log files that lie in the inbox and that no batch holds yet. The inbox sensor has them reported here, "
    "which makes everything after them due.",
    group_name="ingest",
    kinds={"file"},
    owners=OWNERS,
)
def log_files(pipeline: Pipeline) -> dg.MaterializeResult[None]:
    """Report what waits in the inbox."""
    try:
        return dg.MaterializeResult(metadata=describe_waiting(look_into_inbox(pipeline)))
    except EncoreError as error:
        raise dg.Failure(str(error), allow_retries=False) from None


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "cleaned_events",
            deps=[LOG_FILES],
            automation_condition=on_new_data(),
            description="Typed, valid, logged-in events. Append-only: one folder per ingested batch, by event date. "
            "The ledger beside it says which files each batch holds.",
            group_name="ingest",
            kinds={"spark", "parquet"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            "quarantined_events",
            deps=[LOG_FILES],
            automation_condition=on_new_data(),
            description="Every line that is no event: raw bytes, file, line number and reason. Nothing is dropped.",
            group_name="ingest",
            kinds={"spark", "parquet"},
            owners=OWNERS,
        ),
    ],
)
def ingested_logs(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult[None]]:
    """Ingest the log files that no batch holds yet."""
    result, seconds = pipeline.run("ingest_logs", context)
    total = result.facts["total"]
    names = ("read", "kept", "repeated", "logged_out", "quarantined", "erased")
    counts = {f"lines_{name}": fact(total[name]) for name in names}
    yield dg.MaterializeResult(asset_key="cleaned_events", metadata=describe(result, seconds) | counts)
    yield dg.MaterializeResult(
        asset_key="quarantined_events",
        metadata={
            "dagster/row_count": fact(total["quarantined"]),
            "seconds": fact(round(seconds, 2)),
            "by_reason": fact(total["quarantined_by_reason"]),
            "this_batch_by_reason": fact(result.facts["batch"]["quarantined_by_reason"]),
        },
    )


daily_activity = step_asset(
    "daily_activity",
    deps=["cleaned_events"],
    group="ingest",
    kinds={"spark", "parquet"},
    description="Mergeable sums per customer and UTC day. Only the days that a new batch touched are computed anew.",
)
