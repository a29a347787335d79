"""Assets that are one step each."""

import dagster as dg

from orchestration.metadata import describe
from orchestration.pipeline import Pipeline

OWNERS = ["team:data"]


def step_asset(name: str, *, deps: list[str], group: str, kinds: set[str], description: str) -> dg.AssetsDefinition:
    """An asset that the step of the same name computes.

    Args:
        name: of asset and step.
        deps: assets whose tables the step reads.
        group: of the asset, as the UI shows it.
        kinds: what it is made with and kept in.
        description: what it holds, for operators.
    """

    @dg.asset(name=name, deps=deps, group_name=group, kinds=kinds, owners=OWNERS, description=description)
    def run(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult[None]:
        result, seconds = pipeline.run(name, context)
        return dg.MaterializeResult(metadata=describe(result, seconds))

    return run
