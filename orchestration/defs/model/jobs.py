"""What is done to models by hand."""

import dagster as dg
from pydantic import Field

from orchestration.metadata import facts_of
from orchestration.pipeline import Pipeline


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
