"""Assets that are one step each."""

from collections.abc import Callable
from typing import Any

import dagster as dg

from orchestration.conditions import on_new_data
from orchestration.metadata import describe
from orchestration.pipeline import Pipeline
from spark_assets.steps.settings import StepResult

OWNERS = ["team:data"]

Draw = Callable[[StepResult], dict[str, dg.MetadataValue[Any]]]
"""Further metadata from a result, such as pictures."""


def step_asset(
    name: str,
    *,
    deps: list[str],
    group: str,
    kinds: set[str],
    description: str,
    pool: str | None = None,
    as_of: dg.PartitionsDefinition[str] | None = None,
    draw: Draw = lambda _: {},
) -> dg.AssetsDefinition:
    """An asset that the step of the same name computes, as soon as what it depends on is newer.

    One with partitions is of past days, and is computed when somebody asks.

    Args:
        name: of asset and step.
        deps: assets whose tables the step reads.
        group: of the asset, as the UI shows it.
        kinds: what it is made with and kept in.
        description: what it holds, for operators.
        pool: of steps that must not run at once.
        as_of: partitions by as-of date; the step is told which.
        draw: what the materialization shows beside rows, seconds and facts.
    """

    @dg.asset(
        name=name,
        deps=deps,
        group_name=group,
        kinds=kinds,
        owners=OWNERS,
        description=description,
        pool=pool,
        partitions_def=as_of,
        automation_condition=None if as_of else on_new_data(),
    )
    def run(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult[None]:
        result, seconds = pipeline.run(name, context, as_of=context.partition_key if as_of else "")
        return dg.MaterializeResult(metadata=describe(result, seconds) | draw(result))

    return run
