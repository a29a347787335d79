"""The assets, in the order of the flow: events, features, model, scores, snapshot, and past days."""

from collections.abc import Iterator

import dagster as dg

from orchestration.inbox import LOG_FILES, describe_waiting, look_into_inbox
from orchestration.metadata import describe, fact, model_plots
from orchestration.pipeline import Pipeline
from orchestration.run_lock import PUBLISHING
from orchestration.step_definitions import DAYS, GROUP, OWNERS, on_new_data, step_asset
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


user_features = step_asset(
    "user_features",
    deps=["daily_activity"],
    group="features",
    kinds={"spark", "parquet"},
    description="Features of every customer as of the last date in the logs: days listened, songs per day, account "
    "age, gender, activity of the last 7, 14 and 30 days, and more. Computed from daily_activity alone.",
)

training_examples = step_asset(
    "training_examples",
    deps=["daily_activity"],
    group="features",
    kinds={"spark", "parquet"},
    description="The same features at rolling past cut-offs, strictly before each, with the label: cancelled within "
    "the horizon after it.",
)


past_features = step_asset(
    "past_features",
    deps=["daily_activity"],
    group=GROUP,
    kinds={"spark", "parquet"},
    description="user_features as they would have been on a past day: from days up to it alone. Launch a backfill of "
    "the days you want.",
    as_of=DAYS,
)

past_scores = step_asset(
    "past_scores",
    deps=["past_features", "trained_model"],
    group=GROUP,
    kinds={"spark", "parquet"},
    description="What the champion of now says of the customers of a past day. `model_knew_later_days` tells when it "
    "has learned from days after it: such scores flatter the model. They stay in the lake; the portal shows what was "
    "published on the day.",
    as_of=DAYS,
)


trained_model = step_asset(
    "trained_model",
    deps=["training_examples"],
    group="model",
    kinds={"spark", "sparkml"},
    description="A saved Spark PipelineModel with its card. Fitted on cut-offs whose labels were known when the "
    "newest one came; judged on that newest one. Where the logs are too thin to learn from, says why.",
    draw=model_plots,
)

churn_scores = step_asset(
    "churn_scores",
    deps=["trained_model", "user_features"],
    group="model",
    kinds={"spark", "parquet"},
    description="Probability of cancelling within the horizon, its band, the contributions that add up to it, what "
    "changed and why to doubt it, for every customer who has not cancelled. The fitted pipeline is only applied here.",
)


portal_snapshot = step_asset(
    "portal_snapshot",
    deps=["churn_scores", "user_features", "daily_activity"],
    group="serving",
    kinds={"spark", "postgres"},
    description="The snapshot that agents see: one row per customer, copied into Postgres aside and put in place in "
    "one transaction. Until then, and if anything fails, readers keep the snapshot before.",
    pool=PUBLISHING,
)
